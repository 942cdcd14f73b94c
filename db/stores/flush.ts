/** The call behind the one door: rows in, what could not be written and what was leased out, in one transaction. */
import type { PoolClient } from "../client";
import { openRows } from "../sealed-payloads";
import { aboutHeartbeat, type ReadyKind } from "./task-leases";

/** JSON array texts as the SQL function documents them, or null for none. */
export interface FlushRows {
  starts: string | null;
  advances: string | null;
  guards: string | null;
  events: string | null;
  values: string | null;
  dispatches: string | null;
  drops: string | null;
  counts: string | null;
  wakes: string | null;
  /** An object of such arrays; see the SQL function `write_projections`. */
  projections: string | null;
  leases: string | null;
  notify: string | null;
  /** `{"at","do","ms"}`: for tests only. */
  fault: string | null;
}

/** A leased task as its row says; keys are decimal text. */
export interface LeasedRow {
  e: string;
  t: string;
  k: string;
  n: number;
  r: string;
  queue: string;
  task: string;
  readyAt: string;
  leasedAt: string;
  expiresAt: string;
  details: string | null;
}

export interface FlushAnswer {
  /** Starts whose key was taken; `existing` is null only if the winner has vanished since. */
  conflicts: { id: string; existing: string | null; hash: string | null }[];
  /** Executions that were busy or had moved on. */
  moved: string[];
  /** [execution, task] whose row no longer carried the token, and [execution, message] whose row is gone. */
  dead: [string, string][];
  /** One list a poller, in the order they were given. */
  leases: LeasedRow[][];
  /** Tasks that are in workers' reach from now on, because others of their key are done. */
  admitted: ReadyKind[];
}

export async function flush(client: PoolClient, nowAt: string, leaseMs: number, rows: FlushRows): Promise<FlushAnswer> {
  const result = await client.query<{ answer: FlushAnswer }>({
    name: "flush",
    text: "select flush($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as answer",
    values: [
      nowAt,
      leaseMs,
      rows.starts,
      rows.advances,
      rows.guards,
      rows.events,
      rows.values,
      rows.dispatches,
      rows.drops,
      rows.counts,
      rows.wakes,
      rows.projections,
      rows.leases,
      rows.notify,
      rows.fault,
    ],
  });
  const answer = result.rows[0]?.answer;
  if (answer === undefined) throw new Error("flush answered no row");
  return { ...answer, leases: await Promise.all(answer.leases.map((rows) => openDetails(client, rows))) };
}

function openDetails(client: PoolClient, rows: LeasedRow[]): Promise<LeasedRow[]> {
  return openRows(client, rows, { columns: ["details"], about: ({ n, e }) => aboutHeartbeat(n, BigInt(e)) });
}
