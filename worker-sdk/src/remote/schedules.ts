/** Schedules over the API. */
import type { CreateSchedule, Schedule, UpdateSchedule } from "../types/answers";
import type { Page } from "../types/executions";
import { type ApiCalls, query, segment } from "./api-calls";

export class Schedules {
  constructor(private readonly calls: ApiCalls) {}

  /** Newest first. */
  list(options: { limit?: number; cursor?: string } = {}): Promise<Page<Schedule>> {
    return this.calls.read(`/schedules${query(options)}`);
  }

  get(id: string): Promise<Schedule> {
    return this.calls.read(`/schedules/${segment(id)}`);
  }

  /** The very same again gives the one that is there; another of that name is refused as `NAME_TAKEN`. */
  create(schedule: CreateSchedule): Promise<Schedule> {
    return this.calls.post("/schedules", schedule);
  }

  /** Changes what is named; `paused` stops it, and what would have run meanwhile is not made up for. */
  update(id: string, changes: UpdateSchedule): Promise<Schedule> {
    return this.calls.patch(`/schedules/${segment(id)}`, changes);
  }

  /** Executions that it started go on. */
  delete(id: string): Promise<void> {
    return this.calls.remove(`/schedules/${segment(id)}`);
  }

  /** Starts an execution at once, whatever `overlap` says, paused or not. */
  trigger(id: string): Promise<{ executionId: string }> {
    return this.calls.post(`/schedules/${segment(id)}/trigger`, {});
  }

  /** Makes up for runs of the past, both ends included; one that was started before is not started again. */
  async backfill(id: string, { from, to }: { from: string | Date; to: string | Date }): Promise<string[]> {
    const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const { times } = await this.calls.post<{ times: string[] }>(`/schedules/${segment(id)}/backfill`, range);
    return times;
  }

  /** When it will run next, or would if it were not paused. Default 10 times. */
  async preview(id: string, options: { count?: number } = {}): Promise<string[]> {
    const { times } = await this.calls.read<{ times: string[] }>(`/schedules/${segment(id)}/preview${query(options)}`);
    return times;
  }
}
