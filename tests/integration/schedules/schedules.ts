// Schedules as a test sees them: real rows and executions, fired by hand under a clock that only the test moves.
import { firstRow } from "@/db/queries/query";
import { type ScheduleListRow, scheduleById } from "@/db/queries/schedules";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { CreateSchedule } from "@/lib/contract/schedules";
import type { Caller } from "@/lib/engine/caller";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { createSchedule } from "@/lib/engine/schedule/create-schedule";
import { type Fired, type FirePorts, fireSchedule } from "@/lib/engine/schedule/fire-schedule";
import type { ScheduleTarget } from "@/lib/engine/schedule/run";
import type { Services } from "@/lib/engine/services";
import { CALLER, value } from "../engine-services/engine";

export class MovedClock {
  constructor(public time: number) {}
  now(): number {
    return this.time;
  }
  set(instant: string): void {
    this.time = Date.parse(instant);
  }
}

/** The process, with a clock for its schedules alone: executions keep the database's. */
export function under(services: Services, clock: MovedClock): Services {
  return { ...services, clock };
}

export interface Made extends ScheduleTarget {
  id: string;
  name: string;
}

let made = 0;

/** Every hour in UTC, unless told otherwise, under a name of its own. */
export async function make(
  services: Services,
  body: Partial<CreateSchedule> & { workflow: string },
  caller: Caller = CALLER,
): Promise<Made> {
  made += 1;
  const name = body.name ?? `schedule_${made}`;
  const { id } = value(await createSchedule(services, caller, { cron: "0 * * * *", ...body, name }));
  return { id, name, namespaceId: caller.namespaceId, scheduleId: decodeId("schedule", id) ?? 0n };
}

/** Fires until nothing is left to do at once, as the job does. */
export async function fire(ports: FirePorts, target: ScheduleTarget): Promise<Fired> {
  for (;;) {
    const fired = await fireSchedule(ports, target);
    if (!fired.more) return fired;
  }
}

export async function row({ db }: Services, { namespaceId, scheduleId }: ScheduleTarget): Promise<ScheduleListRow> {
  const found = await firstRow(db, scheduleById(namespaceId, scheduleId));
  if (found === null) throw new Error("there is no such schedule");
  return found;
}

export interface Run {
  id: bigint;
  /** The instant it is for; null where it is for none. */
  scheduledAt: string | null;
  actor: string;
  open: boolean;
}

/** The executions of a schedule, in the order of their starts. */
export async function runs({ db }: Services, { name }: Made): Promise<Run[]> {
  const { rows } = await db.query<{ id: bigint; tags: string[]; actor: string; open: boolean }>(
    `select e.id, e.tags, first.actor, e.closed_at is null as open
     from execution_tags t join executions e on e.id = t.execution_id
     join events first on first.execution_id = e.id and first.sequence = 1
     where t.tag = $1 order by e.id`,
    [`schedule:${name}`],
  );
  return rows.map(({ tags, ...run }) => ({
    ...run,
    scheduledAt: tags.find((tag) => tag.startsWith("scheduledAt:"))?.slice("scheduledAt:".length) ?? null,
  }));
}

export async function scheduledTimes(services: Services, schedule: Made): Promise<(string | null)[]> {
  return (await runs(services, schedule)).map(({ scheduledAt }) => scheduledAt);
}

/** Ends an execution that waits for a worker which never comes. */
export async function close(services: Services, { id }: Run): Promise<void> {
  value(await cancelExecution(services, CALLER, encodeId("execution", id), {}));
}

export function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length > 1) throw new Error(`one was expected, not ${list.length}`);
  return first;
}
