/** What this PostgreSQL can append: rows like events, 100 in a statement, each statement a durable transaction. */
import type pg from "pg";

const BATCH = 100;
const DATA = JSON.stringify({ node: "s1", iteration: 1, output: { ok: true }, worker: "wrk_0000000000000" });

/** Rows per second over `durationMs`, one client. */
export async function appendFloor(pool: pg.Pool, durationMs: number): Promise<number> {
  await pool.query(`create table floor (execution_id bigint, sequence int, namespace_id int, command int, type text,
    at timestamptz, actor text, data text, primary key (execution_id, sequence))`);
  const sequences = Array.from({ length: BATCH }, (_, i) => i + 1);
  const begin = performance.now();
  let rows = 0;
  for (let execution = 1; performance.now() - begin < durationMs; execution++) {
    await pool.query({
      name: "floor",
      text: `insert into floor select $1, s, 1, 1, 'StepCompleted', now(), 'worker:wrk_0000000000000', $3
             from unnest($2::int[]) s`,
      values: [execution, sequences, DATA],
    });
    rows += BATCH;
  }
  const perSecond = rows / ((performance.now() - begin) / 1000);
  await pool.query("drop table floor");
  return perSecond;
}
