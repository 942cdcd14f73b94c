/** Makes a schedule; it runs from its next time on. The very same schedule again is the one that is there. */
import { type ScheduleSettings, scheduleByName } from "@/db/queries/schedules";
import { insertSchedule } from "@/db/stores/schedules";
import { encodeId } from "@/lib/contract/ids";
import { canonicalJson } from "@/lib/contract/json";
import type { CreateSchedule } from "@/lib/contract/schedules";
import type { Caller } from "../caller";
import { unfit } from "../leasing/payload-fit";
import { done, type Outcome, refused } from "../outcome";
import type { Services } from "../services";
import { judgeTarget, judgeTimes } from "./judge-schedule";
import { deadlineMoved } from "./notices";

export type ScheduleServices = Pick<Services, "clock" | "db" | "graphs" | "keys" | "deadlinesMoved">;

const CATCH_UP_WINDOW = "1d";

/** Another schedule of that name is refused as NAME_TAKEN. */
export async function createSchedule(
  services: ScheduleServices,
  caller: Caller,
  body: CreateSchedule,
): Promise<Outcome<{ id: string; existed: boolean }>> {
  const { input = null, ...rest } = body;
  const problem = unfit(rest);
  if (problem !== null) return refused(problem.code, problem.message);
  const { timezone = "UTC", version = null, overlap = "skip", catchUpWindow = CATCH_UP_WINDOW, paused = false } = body;
  const now = services.clock.now();
  const times = judgeTimes({ cron: body.cron, timezone, catchUpWindow }, now);
  if (!times.ok) return times;
  const refusal = await judgeTarget(services, caller, { workflow: body.workflow, version, input });
  if (refusal !== null) return refusal;
  const settings: ScheduleSettings = {
    name: body.name,
    cron: body.cron,
    timezone,
    workflow: body.workflow,
    version,
    input: canonicalJson(input),
    overlap,
    catchUpWindow: JSON.stringify(catchUpWindow),
    paused,
    pauseReason: paused ? (body.pauseReason ?? null) : null,
  };
  return save(services, caller, settings, paused ? null : times.value.next(now), now);
}

async function save(
  services: ScheduleServices,
  { namespaceId, actor }: Caller,
  settings: ScheduleSettings,
  nextRunAt: number | null,
  now: number,
): Promise<Outcome<{ id: string; existed: boolean }>> {
  const id = services.keys.next();
  const inserted = await insertSchedule(
    services.db,
    {
      ...settings,
      id,
      namespaceId,
      nextRunAt: nextRunAt === null ? null : new Date(nextRunAt),
      createdAt: new Date(now),
      createdBy: actor,
    },
    deadlineMoved(services),
  );
  if (inserted) {
    services.deadlinesMoved();
    return done({ id: encodeId("schedule", id), existed: false });
  }
  const same = await scheduleByName(services.db, namespaceId, settings.name);
  if (same === null || !isSame(same, settings))
    return refused("NAME_TAKEN", `There is another schedule named ${settings.name}.`);
  return done({ id: encodeId("schedule", same.id), existed: true });
}

function isSame(one: ScheduleSettings, other: ScheduleSettings): boolean {
  const names = Object.keys(other) as (keyof ScheduleSettings)[];
  return names.every((name) => one[name] === other[name]);
}
