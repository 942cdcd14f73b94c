/** Which engine processes live: each holds the advisory lock of its slot on its listening connection, as long as that lasts. */
import type { Queryable } from "../client";

/** Any number, the same in every process: class of the slots' locks. */
const SLOT_LOCKS = 731_058_514;
/** Taken while a process comes, and while the dead are cleared away: neither sees the other half done. */
const ROLL_CALL = 731_058_514_000_3n;

const HELD = `select from pg_locks l
  where l.locktype = 'advisory' and l.classid = ${SLOT_LOCKS} and l.objid = p.slot and l.objsubid = 2
    and l.database = (select oid from pg_database where datname = current_database())`;

/** Runs `work` while no other process comes or clears away. `session`: one connection, not a pool. */
export async function duringRollCall<T>(session: Queryable, work: () => Promise<T>): Promise<T> {
  await session.query("select pg_advisory_lock($1)", [ROLL_CALL]);
  try {
    return await work();
  } finally {
    await session.query("select pg_advisory_unlock($1)", [ROLL_CALL]);
  }
}

/** Whether the session got the lock of this slot; it keeps it until it ends. */
export async function takeSlot(session: Queryable, slot: number): Promise<boolean> {
  const { rows } = await session.query<{ taken: boolean }>("select pg_try_advisory_lock($1, $2) as taken", [
    SLOT_LOCKS,
    slot,
  ]);
  return rows[0]?.taken ?? false;
}

/** Writes the process into its slot, and frees the jobs that a dead one left there. */
export async function enterProcess(
  session: Queryable,
  process: { slot: number; startedAtMs: number; pools: readonly string[] },
): Promise<void> {
  await session.query(
    `with old as (
       select pool from engine_processes, unnest(graphile_pools) as pool where slot = $1 and pool <> all ($3)
     ), entered as (
       insert into engine_processes (slot, started_at, graphile_pools) values ($1, to_timestamp($2 / 1000.0), $3)
       on conflict (slot) do update set started_at = excluded.started_at, graphile_pools = excluded.graphile_pools
     )
     select graphile_worker.force_unlock_workers(array_agg(pool)) from old having count(*) > 0`,
    [process.slot, process.startedAtMs, process.pools],
  );
}

export async function recordPools(session: Queryable, slot: number, pools: readonly string[]): Promise<void> {
  await session.query("update engine_processes set graphile_pools = $2 where slot = $1", [slot, pools]);
}

/** Slots of other processes that were written down, by whether their lock is held. */
export async function rollCall(session: Queryable, ownSlot: number): Promise<{ alive: number[]; dead: number[] }> {
  const { rows } = await session.query<{ slot: number; alive: boolean }>(
    `select p.slot, exists (${HELD}) as alive from engine_processes p where p.slot <> $1`,
    [ownSlot],
  );
  const slots = (alive: boolean) => rows.filter((row) => row.alive === alive).map((row) => row.slot);
  return { alive: slots(true), dead: slots(false) };
}

/** Frees the graphile jobs that these processes left locked, and forgets them. Only during a roll call. */
export async function clearAway(session: Queryable, dead: readonly number[]): Promise<void> {
  await session.query(
    `with gone as (delete from engine_processes where slot = any ($1) returning graphile_pools)
     select graphile_worker.force_unlock_workers(array_agg(pool)) from gone, unnest(graphile_pools) as pool
     having count(*) > 0`,
    [dead],
  );
}

/** A process that ends in order leaves nothing to clear away. */
export async function leaveProcess(session: Queryable, slot: number): Promise<void> {
  await session.query("delete from engine_processes where slot = $1", [slot]);
}
