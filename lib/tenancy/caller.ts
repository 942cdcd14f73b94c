/** Who asks for something about an organisation. */
import type { Permission } from "@/lib/contract/permissions";

export interface Member {
  organisationId: number;
  namespaceId: number;
  actor: string;
  permissions: ReadonlySet<Permission>;
}

/** Null: a key. */
export function userIdOf({ actor }: Pick<Member, "actor">): string | null {
  return actor.startsWith("user:") ? actor.slice("user:".length) : null;
}
