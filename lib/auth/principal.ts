/** Who is calling, once a credential was checked. */
import type { Permission, Role } from "@/lib/contract/permissions";
import type { Caller } from "@/lib/engine/caller";

/** The operator's own: a migration made it. What cannot be laid to another organisation is laid to this one. */
export const FIRST_ORGANISATION_ID = 1;

export interface Principal extends Caller {
  organisationId: number;
  permissions: ReadonlySet<Permission>;
  /** What they proved themselves with, as the audit log names it: `key:key_…` or `session:…`. */
  credential: string;
  /** Of a person: by which approvals may name them: user id, e-mail address, role. A key has none. */
  names?: readonly string[];
  /** Of a key that works for some queues or on some workflows alone. */
  limits?: KeyLimits;
}

/** Null: no limit of that kind. */
export interface KeyLimits {
  queues: readonly string[] | null;
  workflows: readonly string[] | null;
}

/** Whose credential was refused, as far as that is known; for the audit log. */
export interface Suspect {
  organisationId: number;
  namespaceId: number | null;
  actor: string;
  credential: string;
}

/** A person who is signed in. */
export interface Person {
  id: string;
  email: string;
  name: string;
  sessionId: string;
}

/** A person in one namespace of an organisation that they belong to. */
export interface User extends Person {
  organisationId: number;
  organisation: string;
  role: Role;
  namespaceId: number;
  /** The active namespace's name. */
  namespace: string;
}
