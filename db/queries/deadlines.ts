/** When executions next have to be woken and schedules to run, from the partial indexes over those times. */
import type { Queryable } from "@/db/client";

/** Whether a deadline at or before `now` is still there, and the first one after it; epoch milliseconds. */
export async function nextDeadline(db: Queryable, now: number): Promise<{ overdue: boolean; nextAt: number | null }> {
  const { rows } = await db.query<{ overdue: boolean; next: Date | null }>({
    name: "next-deadline",
    text: `select
             exists (select from executions where next_wake_at <= $1::timestamptz and status <> 'quarantined')
               or exists (select from schedules where next_run_at <= $1::timestamptz) as overdue,
             least(
               (select next_wake_at from executions where next_wake_at > $1::timestamptz order by next_wake_at limit 1),
               (select next_run_at from schedules where next_run_at > $1::timestamptz order by next_run_at limit 1)
             ) as next`,
    values: [new Date(now).toISOString()],
  });
  const row = rows[0];
  return { overdue: row?.overdue ?? false, nextAt: row?.next?.getTime() ?? null };
}
