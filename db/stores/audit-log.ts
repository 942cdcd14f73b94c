/** Writes the audit log: entries are added, together where several come at once, and never touched again. */
import type { Queryable } from "../client";

export interface AuditRow {
  id: bigint;
  organisationId: number;
  namespaceId: number | null;
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
  count: number;
  /** JSON text. */
  details: string | null;
}

/**
 * One statement, however many entries; within a transaction where `db` is the client of one. Of an organisation that is gone
 * nothing is written any more.
 */
export async function addAuditEntries(db: Queryable, rows: readonly AuditRow[]): Promise<void> {
  await db.query({
    name: "add-audit-entries",
    text: `insert into audit_log (id, organisation_id, namespace_id, at, actor, action, target, outcome, code, credential,
        address, user_agent, request_id, count, details)
      select * from json_to_recordset($1::json) as x(id bigint, "organisationId" int, "namespaceId" int, at timestamptz,
        actor text, action text, target text, outcome text, code text, credential text, address text, "userAgent" text,
        "requestId" text, count int, details text)
      where exists (select from organisations o where o.id = x."organisationId")`,
    values: [JSON.stringify(rows.map((row) => ({ ...row, id: String(row.id) })))],
  });
}
