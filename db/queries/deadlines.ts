/** When executions next have to be woken, from the partial index over `next_wake_at`. */
import type { Queryable } from "@/db/client";

/** Whether a deadline at or before `now` is still there, and the first one after it; epoch milliseconds. */
export async function nextDeadline(db: Queryable, now: number): Promise<{ overdue: boolean; nextAt: number | null }> {
  const { rows } = await db.query<{ overdue: boolean; next: Date | null }>({
    name: "next-deadline",
    text: `select
             exists (select from executions where next_wake_at <= $1::timestamptz and status <> 'quarantined') as overdue,
             (select next_wake_at from executions where next_wake_at > $1::timestamptz order by next_wake_at limit 1) as next`,
    values: [new Date(now).toISOString()],
  });
  const row = rows[0];
  return { overdue: row?.overdue ?? false, nextAt: row?.next?.getTime() ?? null };
}
