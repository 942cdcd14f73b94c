/** What has to be looked after from time to time while this process runs the engine; see each statement. */
import type { Queryable } from "@/db/client";
import { addLostAlertJobs, forgetDeliveries } from "@/db/stores/alerts";
import { addLostDeliveries } from "@/db/stores/messages";
import { addLostOperationJobs, forgetOperations } from "@/db/stores/operations";
import { addLostWakes, compactCounts, ensurePartitions, forgetOld, removeSpentJobs } from "@/db/stores/upkeep";
import type { Clock } from "@/lib/clock";
import type { Log } from "@/lib/log";
import { type Repeated, repeat } from "./repeat";

export interface UpkeepOptions {
  db: Queryable;
  clock: Clock;
  log: Log;
  /** Jobs may have been added, and deadlines come near that this process has not heard of. */
  lookSoon(): void;
}

const EVERY_MS = 60_000;
const RARELY_MS = 60 * 60_000;
/** A lost alarm of one that is due before the next turn is put right in this one. */
const AHEAD_MS = EVERY_MS + 30_000;

/** The first turn is at once: what came due while no process ran must not wait for it. */
export async function startUpkeep(options: UpkeepOptions): Promise<Repeated> {
  await putAlarmsRight(options);
  await putDeliveriesRight(options.db);
  const often = repeat("upkeep", EVERY_MS, () => everyMinute(options), options.log);
  const rarely = repeat("rare upkeep", RARELY_MS, () => everyHour(options.db), options.log);
  return {
    async stop() {
      await Promise.all([often.stop(), rarely.stop()]);
    },
  };
}

async function everyMinute(options: UpkeepOptions): Promise<void> {
  await putAlarmsRight(options);
  await putDeliveriesRight(options.db);
  await addLostOperationJobs(options.db);
  await addLostAlertJobs(options.db);
  await compactCounts(options.db);
  await forgetOld(options.db);
}

async function everyHour(db: Queryable): Promise<void> {
  await ensurePartitions(db);
  await removeSpentJobs(db);
  await forgetOperations(db);
  await forgetDeliveries(db);
}

/** `executions.next_wake_at` is the truth: every deadline that is past or near gets its job, page by page. */
export async function putAlarmsRight({ db, clock, lookSoon }: Omit<UpkeepOptions, "log">): Promise<void> {
  const until = new Date(clock.now() + AHEAD_MS);
  let after: { at: Date; id: bigint } | null = { at: new Date(0), id: 0n };
  while (after !== null) after = await addLostWakes(db, after, until);
  lookSoon();
}

/** A message that is there has not taken its effect yet: whoever has one for others gets the job that delivers it. */
async function putDeliveriesRight(db: Queryable): Promise<void> {
  let after: bigint | null = 0n;
  while (after !== null) after = await addLostDeliveries(db, after);
}
