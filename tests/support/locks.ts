// Waits until a statement waits for another's lock: a process boundary, so polled with a deadline.
import type { Pool } from "pg";

/** @param statement what the waiting statement contains; anything where left out */
export async function someoneWaitsForALock(pool: Pool, statement = ""): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { rowCount } = await pool.query(
      `select from pg_stat_activity
       where wait_event_type = 'Lock' and datname = current_database() and strpos(query, $1) > 0`,
      [statement],
    );
    if (rowCount !== 0) return;
    if (Date.now() > deadline) throw new Error("nobody waits for a lock");
  }
}
