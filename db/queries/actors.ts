/** Names of those who did something. */
import type { Query } from "@/db/queries/query";

export interface ActorRow {
  id: string;
  name: string;
}

/** Members of the organisation; whoever has left it is no longer named. */
export function namesOfMembers(organisationId: number, ids: readonly string[]): Query<ActorRow> {
  return {
    name: "names-of-members",
    text: `select u.id, u.email as name from memberships m join users u on u.id = m.user_id
      where m.organisation_id = $1 and m.user_id = any($2::text[])`,
    values: [organisationId, ids],
  };
}

/** Keys of the namespace, revoked ones too. */
export function namesOfKeys(namespaceId: number, ids: readonly bigint[]): Query<{ id: bigint; name: string }> {
  return {
    name: "names-of-keys",
    text: "select id, name from api_keys where namespace_id = $1 and id = any($2::bigint[])",
    values: [namespaceId, ids],
  };
}

export function namesOfWorkers(namespaceId: number, ids: readonly bigint[]): Query<{ id: bigint; name: string }> {
  return {
    name: "names-of-workers",
    text: `select id, name from workers
      where namespace_id = $1 and id = any($2::bigint[]) and name is not null and not internal`,
    values: [namespaceId, ids],
  };
}

export function namesOfSchedules(namespaceId: number, ids: readonly bigint[]): Query<{ id: bigint; name: string }> {
  return {
    name: "names-of-schedules",
    text: "select id, name from schedules where namespace_id = $1 and id = any($2::bigint[])",
    values: [namespaceId, ids],
  };
}
