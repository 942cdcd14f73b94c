/** Changes a schedule; what is left out stays. Its next time is counted anew only where its times have changed. */
import type { ScheduleRow, ScheduleSettings } from "@/db/queries/schedules";
import { updateSchedule as writeSchedule } from "@/db/stores/schedules";
import { canonicalJson } from "@/lib/contract/json";
import type { UpdateSchedule } from "@/lib/contract/schedules";
import type { Caller } from "../caller";
import { unfit } from "../leasing/payload-fit";
import { done, type Outcome, type Refusal, refused } from "../outcome";
import type { ScheduleServices } from "./create-schedule";
import { judgeTarget, judgeTimes } from "./judge-schedule";
import { deadlineMoved } from "./notices";
import { findSchedule } from "./schedule-ref";

/** Executions that are open go on. Runs that wait are looked at anew: a pause or another policy holds for them too. */
export async function updateSchedule(
  services: ScheduleServices,
  caller: Caller,
  ref: string,
  patch: UpdateSchedule,
): Promise<Outcome<null>> {
  const { input: _, ...rest } = patch;
  const problem = unfit(rest);
  if (problem !== null) return refused(problem.code, problem.message);
  for (;;) {
    const found = await findSchedule(services, caller, ref);
    if (!found.ok) return found;
    const outcome = await change(services, caller, found.value, patch);
    if (outcome === "name-taken") return refused("NAME_TAKEN", `There is another schedule named ${patch.name}.`);
    // Somebody else changed it between the look and the write.
    if (outcome === "changed-meanwhile") continue;
    if (outcome !== "updated") return outcome;
    services.deadlinesMoved();
    return done(null);
  }
}

async function change(
  services: ScheduleServices,
  caller: Caller,
  row: ScheduleRow,
  patch: UpdateSchedule,
): Promise<Refusal | Awaited<ReturnType<typeof writeSchedule>>> {
  const now = services.clock.now();
  const settings = merged(row, patch);
  const times = judgeTimes({ ...settings, catchUpWindow: JSON.parse(settings.catchUpWindow) }, now);
  if (!times.ok) return times;
  if (patch.workflow !== undefined || patch.version !== undefined || patch.input !== undefined) {
    const refusal = await judgeTarget(services, caller, { ...settings, input: JSON.parse(settings.input) });
    if (refusal !== null) return refusal;
  }
  const retimed = (["cron", "timezone", "paused"] as const).some((name) => settings[name] !== row[name]);
  const nextRunAt = settings.paused ? null : times.value.next(now);
  return writeSchedule(
    services.db,
    caller.namespaceId,
    row.id,
    {
      ...settings,
      revision: row.revision,
      timing: retimed ? { nextRunAt: nextRunAt === null ? null : new Date(nextRunAt) } : null,
      updatedAt: new Date(now),
    },
    deadlineMoved(services),
  );
}

function merged(row: ScheduleRow, patch: UpdateSchedule): ScheduleSettings {
  const { id: _, revision: __, nextRunAt: ___, ...before } = row;
  const { input, catchUpWindow, pauseReason = row.pauseReason, ...rest } = patch;
  const settings = { ...before, ...rest };
  return {
    ...settings,
    input: input === undefined ? row.input : canonicalJson(input),
    catchUpWindow: catchUpWindow === undefined ? row.catchUpWindow : JSON.stringify(catchUpWindow),
    pauseReason: settings.paused ? pauseReason : null,
  };
}
