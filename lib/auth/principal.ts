/** Who is calling, once a credential was checked. */
import type { Permission } from "@/lib/auth/permissions";
import type { Caller } from "@/lib/engine/caller";

export interface Principal extends Caller {
  permissions: ReadonlySet<Permission>;
  /** Of a person: by which approvals may name them: user id, e-mail address, roles. A key has none. */
  names?: readonly string[];
}

/** A person who is signed in. */
export interface User {
  id: string;
  email: string;
  name: string;
  /** The active namespace's name. */
  namespace: string;
}
