/** Queues over the API. */
import type { Queue, QueueLimits } from "../types/answers";
import type { Page } from "../types/executions";
import { type ApiCalls, query, segment } from "./api-calls";

export class Queues {
  constructor(private readonly calls: ApiCalls) {}

  /** By name, with what is ready and running in them, and who serves them. */
  list(options: { limit?: number; cursor?: string } = {}): Promise<Page<Queue>> {
    return this.calls.read(`/queues${query(options)}`);
  }

  limits(name: string): Promise<QueueLimits> {
    return this.calls.read(`/queues/${segment(name)}/limits`);
  }

  /** What is left out has no limit from then on. */
  setLimits(name: string, limits: Partial<QueueLimits>): Promise<QueueLimits> {
    return this.calls.put(`/queues/${segment(name)}/limits`, limits);
  }
}
