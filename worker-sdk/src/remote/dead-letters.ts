/** Dead letters over the API. */
import type { Controlled, DeadLetter, DeadLetterDetail, DeadLetterGroup, DeadLetterStatus } from "../types/answers";
import type { Page } from "../types/executions";
import { type ApiCalls, query, segment } from "./api-calls";

export interface DeadLetterFilter {
  workflow?: string;
  code?: string;
  fingerprint?: string;
}

export interface ListDeadLetters extends DeadLetterFilter {
  status?: DeadLetterStatus;
  limit?: number;
  cursor?: string;
}

/** Either those named, or all open ones that match all of the filter; `{}` means every open one. */
export type BulkDeadLetters = { action: "retry" | "resolve"; note?: string } & (
  | { ids: string[] }
  | { filter: DeadLetterFilter }
);

export class DeadLetters {
  constructor(private readonly calls: ApiCalls) {}

  /** Newest first. */
  list(options: ListDeadLetters = {}): Promise<Page<DeadLetter>> {
    return this.calls.read(`/dead-letters${query(options)}`);
  }

  /** Open ones that look like one cause. */
  groups(options: { limit?: number; cursor?: string } = {}): Promise<Page<DeadLetterGroup>> {
    return this.calls.read(`/dead-letters/groups${query(options)}`);
  }

  /** With what its step was given, and how each attempt failed. */
  get(id: string): Promise<DeadLetterDetail> {
    return this.calls.read(`/dead-letters/${segment(id)}`);
  }

  /** Retries its execution: what failed goes on, in the same history. */
  retry(id: string, options: { reason?: string } = {}): Promise<Controlled> {
    return this.calls.post(`/dead-letters/${segment(id)}/retry`, options);
  }

  /** Puts it aside; nothing is run again. */
  resolve(id: string, options: { note?: string } = {}): Promise<DeadLetter> {
    return this.calls.post(`/dead-letters/${segment(id)}/resolve`, options);
  }

  /** In the background; see `client.operation`. */
  bulk(options: BulkDeadLetters): Promise<{ operationId: string }> {
    return this.calls.post("/dead-letters/bulk", options);
  }
}
