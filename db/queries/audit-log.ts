/** Pages of an organisation's audit log, newest first. */
import type { Query } from "@/db/queries/query";
import type { AuditFilter } from "@/lib/contract/audit";
import { firstKeyAt } from "@/lib/contract/ids";

export interface AuditEntryRow {
  id: bigint;
  at: Date;
  actor: string;
  action: string;
  target: string | null;
  outcome: "done" | "refused";
  code: string | null;
  credential: string | null;
  address: string | null;
  userAgent: string | null;
  requestId: string | null;
  namespace: string | null;
  count: number;
  /** JSON text. */
  details: string | null;
}

export interface AuditPage {
  organisationId: number;
  filter: AuditFilter;
  /** Entries before that one; null: from the newest on. */
  before: bigint | null;
  limit: number;
}

/** Keys are made in order of time, but for processes whose clocks differ. */
const CLOCKS_MAY_DIFFER_MS = 60_000;

export function auditPage({ organisationId, filter, before, limit }: AuditPage): Query<AuditEntryRow> {
  const values: unknown[] = [organisationId];
  const conditions = ["a.organisation_id = $1"];
  const where = (condition: (parameter: string) => string, value: unknown) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (before !== null) where((id) => `a.id < ${id}::bigint`, before);
  if (filter.actor !== undefined) where((actor) => `a.actor = ${actor}`, filter.actor);
  if (filter.action !== undefined) actionIs(filter.action, where);
  if (filter.target !== undefined) where((target) => `a.target = ${target}`, filter.target);
  if (filter.outcome !== undefined) where((outcome) => `a.outcome = ${outcome}`, filter.outcome);
  if (filter.namespace !== undefined) where((namespace) => `n.name = ${namespace}`, filter.namespace);
  if (filter.from !== undefined) {
    where((from) => `a.at >= ${from}::timestamptz`, filter.from);
    where((key) => `a.id >= ${key}::bigint`, firstKeyAt(filter.from.getTime() - CLOCKS_MAY_DIFFER_MS));
  }
  if (filter.to !== undefined) {
    where((to) => `a.at < ${to}::timestamptz`, filter.to);
    where((key) => `a.id < ${key}::bigint`, firstKeyAt(filter.to.getTime() + CLOCKS_MAY_DIFFER_MS));
  }
  values.push(limit);
  return {
    text: `select a.id, a.at, a.actor, a.action, a.target, a.outcome, a.code, a.credential, a.address,
        a.user_agent as "userAgent", a.request_id as "requestId", n.name as namespace, a.count, a.details
      from audit_log a left join namespaces n on n.id = a.namespace_id and n.organisation_id = a.organisation_id
      where ${conditions.join(" and ")} order by a.id desc limit $${values.length}`,
    values,
  };
}

function actionIs(action: string, where: (condition: (parameter: string) => string, value: unknown) => void): void {
  if (action.endsWith(".")) {
    where((prefix) => `a.action ~>=~ ${prefix}`, action);
    // The character after a full stop.
    where((end) => `a.action ~<~ ${end}`, `${action.slice(0, -1)}/`);
  } else where((name) => `a.action = ${name}`, action);
}
