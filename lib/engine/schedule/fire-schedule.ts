/**
 * Moves a schedule on: what has come due begins to wait, and what waits is started as far as the overlap policy lets it.
 * May run twice, late, early, in two processes at once, and may be ended at any statement: the schedule's row says what is
 * still to be admitted, the rows of waiting runs what is still to be started, and a run's key makes its start happen once.
 */
import type { Queryable } from "@/db/client";
import { startedBefore } from "@/db/queries/executions-by-ref";
import { type ScheduleRow, scheduleToFire, scheduleToStart } from "@/db/queries/schedules";
import { advanceSchedule, recordFailure, recordStarts, type StartedRun } from "@/db/stores/schedule-runs";
import { countSkippedRun } from "@/db/stores/skipped-runs";
import type { Clock } from "@/lib/clock";
import { parseDuration } from "@/lib/core/durations";
import { dueRuns } from "@/lib/core/schedule/due-runs";
import { admitRuns, runsToStart, type WaitingRun } from "@/lib/core/schedule/overlap";
import { toInstant } from "@/lib/core/time";
import type { Traces } from "@/lib/tracing/traces";
import type { Door, StartSubmission } from "../door/door";
import type { Graphs } from "../graphs";
import type { PayloadLimit, StartLimit } from "../limits/limits";
import { startWithin } from "../limits/start-within";
import type { Outcome, Refusal } from "../outcome";
import { prepareStart } from "../prepare-start";
import { runKey, type ScheduleTarget, scheduleCaller, startRequest } from "./run";
import { storedTimetable } from "./timetable";

export interface FirePorts {
  clock: Clock;
  db: Queryable;
  door: Pick<Door, "apply" | "start">;
  graphs: Graphs;
  limits?: PayloadLimit & StartLimit;
  traces?: Pick<Traces, "root"> | null;
}

/** Runs of each kind that are looked at, and with `allow` started, in one turn. */
const STARTS_AT_ONCE = 100;

export interface Fired {
  /** There is more to do at once. */
  more: boolean;
  /** An open execution that runs wait for. */
  blockedBy: bigint | null;
}

export async function fireSchedule(ports: FirePorts, target: ScheduleTarget): Promise<Fired> {
  const moreDue = await admitDue(ports, target);
  const { more, blockedBy } = await startWaiting(ports, target);
  return { more: moreDue || more, blockedBy };
}

/** Whether more has come due than was admitted in one go. */
async function admitDue({ clock, db }: FirePorts, { namespaceId, scheduleId }: ScheduleTarget): Promise<boolean> {
  const schedule = await scheduleToFire(db, namespaceId, scheduleId);
  const now = clock.now();
  const from = schedule?.nextRunAt ?? null;
  if (schedule === null || from === null || from.getTime() > now) return false;
  const catchUpWindowMs = parseDuration(JSON.parse(schedule.catchUpWindow)) ?? 0;
  const { next } = storedTimetable(schedule);
  const { runs, missed, nextRunAt } = dueRuns({ nextRunAt: from.getTime(), catchUpWindowMs }, now, next);
  const { admitted, skipped } = admitRuns(schedule.overlap, runs, {
    open: schedule.open.length > 0,
    waiting: schedule.queued,
  });
  const moved = await advanceSchedule(db, namespaceId, scheduleId, {
    revision: schedule.revision,
    from,
    to: nextRunAt === null ? null : new Date(nextRunAt),
    admitted: admitted.map((runAt) => new Date(runAt)),
    skipped,
    missed,
  });
  return moved && nextRunAt !== null && nextRunAt <= now;
}

async function startWaiting(ports: FirePorts, target: ScheduleTarget): Promise<Fired> {
  const schedule = await scheduleToStart(ports.db, target.namespaceId, target.scheduleId, STARTS_AT_ONCE);
  if (schedule === null) return { more: false, blockedBy: null };
  const waiting = schedule.waiting.map(({ run_at, backfill }) => ({ runAt: Date.parse(run_at), backfill }));
  const open = schedule.open.map(BigInt);
  const { runs, cancelOpen, blocked } = runsToStart(schedule, waiting, open.length > 0);
  if (cancelOpen) await Promise.all(open.map((executionId) => cancel(ports, target, executionId)));
  await startAll(ports, target, schedule, runs);
  return {
    more: runs.length > 0 && (waiting.length > runs.length || waiting.length >= STARTS_AT_ONCE),
    blockedBy: blocked ? (open[0] ?? null) : null,
  };
}

/** One that has closed meanwhile needs no cancel. */
async function cancel({ door }: FirePorts, target: ScheduleTarget, executionId: bigint): Promise<void> {
  const command = { type: "cancel", reason: "The schedule's next run has come." } as const;
  await door.apply({ ...scheduleCaller(target), executionId, command });
}

async function startAll(
  ports: FirePorts,
  target: ScheduleTarget,
  schedule: ScheduleRow,
  runs: readonly WaitingRun[],
): Promise<void> {
  const caller = scheduleCaller(target);
  const prepare = async ({ runAt }: WaitingRun): Promise<PreparedRun> => {
    const key = runKey(target.scheduleId, runAt);
    // Nobody called: each run is a trace of its own.
    const trace = ports.traces?.root(`schedule ${schedule.name}`, { "cerebelum.workflow": schedule.workflow });
    return { runAt, key, start: await prepareStart(ports, { ...caller, trace }, startRequest(schedule, runAt), key) };
  };
  const prepared = await Promise.all(runs.map(prepare));
  // What reaches the door in one turn is written by one flush, in this order.
  const starts = await Promise.allSettled(prepared.map((run) => startRun(ports, target, run)));
  const started = starts.flatMap((start) => (start.status === "fulfilled" ? (start.value ?? []) : []));
  if (started.length > 0) await recordStarts(ports.db, target.namespaceId, target.scheduleId, started);
  const failed = starts.find((start) => start.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

interface PreparedRun {
  runAt: number;
  key: string;
  start: Outcome<StartSubmission>;
}

/** null where it was refused, which is recorded and does not hold up the next. Throws where it may be tried again. */
async function startRun(
  ports: FirePorts,
  { namespaceId, scheduleId }: ScheduleTarget,
  { runAt, key, start }: PreparedRun,
): Promise<StartedRun | null> {
  const applied = start.ok ? await startWithin(ports, start.value) : start;
  // An execution with the run's key is the run's, even if the schedule, or its workflow, has been changed since.
  if (!("ok" in applied)) return { runAt: new Date(runAt), executionId: applied.executionId };
  const before = await startedBefore(ports.db, namespaceId, null, key);
  if (before !== null) return { runAt: new Date(runAt), executionId: before.id };
  const error = JSON.stringify({ runAt: toInstant(runAt), code: applied.code, message: messageOf(applied) });
  await recordFailure(ports.db, namespaceId, scheduleId, new Date(runAt), error);
  if (applied.code === "TOO_MANY_EXECUTIONS") await countSkippedRun(ports.db, namespaceId, scheduleId);
  return null;
}

function messageOf({ code, detail, errors = [] }: Refusal): string {
  const findings = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return (detail ?? (findings || code)).slice(0, MAX_MESSAGE);
}

const MAX_MESSAGE = 2_000;
