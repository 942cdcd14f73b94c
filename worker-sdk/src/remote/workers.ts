/** Workers over the API. */
import type { RegisteredWorker } from "../types/answers";
import type { Page } from "../types/executions";
import { type ApiCalls, query, segment } from "./api-calls";

export class Workers {
  constructor(private readonly calls: ApiCalls) {}

  /** Newest first, offline ones included. */
  list(options: { limit?: number; cursor?: string } = {}): Promise<Page<RegisteredWorker>> {
    return this.calls.read(`/workers${query(options)}`);
  }

  /** It finishes what it has, gets no more and leaves. */
  async drain(workerId: string): Promise<void> {
    await this.calls.post(`/workers/${segment(workerId)}/drain`, {});
  }
}
