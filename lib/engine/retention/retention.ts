/**
 * Removes closed executions that are older than their namespace keeps them: a few hundred a transaction, namespaces in turns,
 * with pauses between, and in one process at a time. Stopped anywhere, the next turn goes on.
 */
import type { Queryable } from "@/db/client";
import { retentionRules } from "@/db/queries/namespace-settings";
import { allRows } from "@/db/queries/query";
import { dropEmptyPartition, removeClosed } from "@/db/stores/retention";
import type { Clock } from "@/lib/clock";
import { CLOSED_STATUSES, type ClosedStatus, retentionSchema } from "@/lib/contract/namespace-settings";
import { parseDuration } from "@/lib/core/durations";

export interface RetentionPorts {
  db: Queryable;
  /** The database's time. */
  clock: Clock;
  /** Between two transactions: others have their turn. */
  pause(): Promise<unknown>;
  /** Aborted when the process stops: the transaction that is under way is the last. */
  signal: AbortSignal;
}

interface Rule {
  namespaceId: number;
  status: ClosedStatus;
  ageMs: number;
}

/** Answers how many executions it removed. */
export async function removeExpired({ db, clock, pause, signal }: RetentionPorts): Promise<number> {
  let removed = 0;
  const waiting = await rules(db);
  for (let rule = waiting.shift(); rule !== undefined && !signal.aborted; rule = waiting.shift()) {
    const gone = await removeClosed(db, rule.namespaceId, rule.status, new Date(clock.now() - rule.ageMs));
    if (gone === "busy") return removed;
    removed += gone;
    if (gone === 0) continue;
    // There may be more; first it is the others' turn.
    waiting.push(rule);
    await pause();
  }
  return removed;
}

async function rules(db: Queryable): Promise<Rule[]> {
  const rows = await allRows(db, retentionRules());
  return rows.flatMap(({ namespace_id: namespaceId, retention }) => {
    const ages = retentionSchema.parse(JSON.parse(retention));
    return CLOSED_STATUSES.flatMap((status): Rule[] => {
      const age = ages[status];
      const ageMs = age === null ? null : parseDuration(age);
      return ageMs === null ? [] : [{ namespaceId, status, ageMs }];
    });
  });
}

/** Drops the partitions of events that retention has emptied; what is in use just now is left for the next time. */
export async function dropEmptyPartitions(db: Queryable, now: Date): Promise<string[]> {
  const dropped: string[] = [];
  for (let name = await dropEmptyPartition(db, now); name !== null; name = await dropEmptyPartition(db, now))
    dropped.push(name);
  return dropped;
}
