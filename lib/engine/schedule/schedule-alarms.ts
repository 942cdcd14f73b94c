/**
 * What drives schedules in a process that runs the engine: the job at each run, the close of an execution that runs wait
 * for, and, each minute, whatever of both was missed.
 */
import { z } from "zod";
import { progressOf } from "@/db/queries/executions-by-ref";
import { blockedSchedules } from "@/db/queries/schedules";
import { addLostAlarms, armSchedule } from "@/db/stores/schedule-alarms";
import type { Log } from "@/lib/log";
import type { Announcements } from "../process/announcements";
import { type FirePorts, fireSchedule } from "./fire-schedule";
import type { ScheduleTarget } from "./run";

export interface ScheduleAlarmsOptions extends FirePorts {
  announcements: Announcements;
  log: Log;
  /** A schedule runs next at that time (epoch milliseconds). */
  armed(at: number): void;
}

/** The schedule's key, in decimal; see the stores, which write this with every alarm. */
const payloadSchema = z.object({ schedule: z.string().regex(/^\d{1,19}$/), namespace: z.int() });

export const LOOK_EVERY_MS = 60_000;
/** A lost alarm of a run that comes before the next look is put right in this one. */
const AHEAD_MS = LOOK_EVERY_MS + 30_000;

export class ScheduleAlarms {
  readonly #options: ScheduleAlarmsOptions;
  readonly #watched = new Set<bigint>();
  readonly #stopping = new AbortController();

  constructor(options: ScheduleAlarmsOptions) {
    this.#options = options;
  }

  /** The job. An error leaves the schedule as its rows say, to be tried again. */
  readonly ring = async (payload: unknown): Promise<void> => {
    const { schedule, namespace } = payloadSchema.parse(payload);
    const target = { scheduleId: BigInt(schedule), namespaceId: namespace };
    const { more, blockedBy } = await fireSchedule(this.#options, target);
    await this.#arm(target, more ? "now" : "next-run");
    if (blockedBy !== null) this.#watch(target, blockedBy);
  };

  /** Puts right what was lost with a process, or by a job that failed after it had set the next alarm. */
  async look(): Promise<void> {
    const { db, clock } = this.#options;
    const until = new Date(clock.now() + AHEAD_MS);
    while (await addLostAlarms(db, until));
    for (const { id, namespaceId, executionId } of await blockedSchedules(db))
      this.#watch({ scheduleId: id, namespaceId }, executionId);
  }

  /** Nobody is waited for any more; what was waited for is found by the next process. */
  stop(): void {
    this.#stopping.abort();
  }

  async #arm({ namespaceId, scheduleId }: ScheduleTarget, when: "now" | "next-run"): Promise<void> {
    const at = await armSchedule(this.#options.db, namespaceId, scheduleId, when);
    if (at !== null) this.#options.armed(at.getTime());
  }

  /** Costs an entry in a map until the execution closes. */
  #watch(target: ScheduleTarget, executionId: bigint): void {
    if (this.#stopping.signal.aborted || this.#watched.has(target.scheduleId)) return;
    this.#watched.add(target.scheduleId);
    this.#closed(executionId)
      .finally(() => this.#watched.delete(target.scheduleId))
      .then((closed) => (closed ? this.#arm(target, "now") : undefined))
      .catch((error: unknown) => this.#options.log.warn({ error }, "waiting for a schedule's execution failed"));
  }

  /** False where the process stops first. */
  async #closed(executionId: bigint): Promise<boolean> {
    const { announcements, db } = this.#options;
    const watch = announcements.watch(executionId);
    try {
      const past = watch.past(Number.POSITIVE_INFINITY, this.#stopping.signal);
      // It may have closed before it was watched.
      for (const { id, ...progress } of await progressOf(db, [executionId])) announcements.heard(id, progress);
      await past;
      return watch.progress.closed;
    } finally {
      watch.stop();
    }
  }
}
