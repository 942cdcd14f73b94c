/** The handle of an execution on a server. */

import { CerebelumError, ExecutionFailedError } from "../errors";
import type { Decision, ExecutionHandle, ForkHandleOptions } from "../execution-handle";
import type { ApprovalStatus, Explanation, LogItem, LogPage, RequestedApproval } from "../types/answers";
import type { Execution, ExecutionResult, ExecutionStarted, Page } from "../types/executions";
import type { HistoryEvent } from "../types/history";

/** What a handle asks of the client. */
export interface HandleCalls {
  get(id: string): Promise<Execution>;
  list(options: { parent: string; limit: number; cursor?: string }): Promise<Page<{ id: string }>>;
  history(id: string): Promise<HistoryEvent[]>;
  stream(id: string, options: { after: number }): AsyncGenerator<HistoryEvent>;
  result(id: string): Promise<ExecutionResult>;
  explain(id: string): Promise<Explanation>;
  logs(id: string, options: { limit: number; cursor?: string }): Promise<LogPage>;
  signal(id: string, name: string, payload?: unknown): Promise<unknown>;
  cancel(id: string, options: { reason?: string; compensate?: boolean }): Promise<void>;
  terminate(id: string, options: { reason?: string }): Promise<void>;
  pause(id: string, options: { reason?: string }): Promise<unknown>;
  resume(id: string, options: { reason?: string }): Promise<unknown>;
  retry(id: string, options: { fromNode?: string; input?: unknown; reason?: string }): Promise<unknown>;
  fork(id: string, options: ForkHandleOptions): Promise<ExecutionStarted>;
  readonly approvals: {
    list(options: { execution: string; status: ApprovalStatus; limit: number }): Promise<Page<RequestedApproval>>;
    decide(id: string, decision: "approved" | "rejected", options?: Decision): Promise<unknown>;
  };
}

const PAGE = 200;
const APPROVAL_ID = /^apr_[0-9A-Z]{13}$/;

export class RemoteHandle<Output = unknown> implements ExecutionHandle<Output> {
  /** @param watched settles once whoever watches its events has seen the last one */
  constructor(
    private readonly client: HandleCalls,
    readonly id: string,
    private readonly watched: Promise<void> = Promise.resolve(),
  ) {}

  async result(): Promise<Output> {
    await this.watched;
    const { status, output, error } = await this.client.result(this.id);
    if (status === "completed") return (output ?? null) as Output;
    throw new ExecutionFailedError({
      executionId: this.id,
      status,
      error: error ?? null,
      history: await this.history(),
    });
  }

  history(): Promise<HistoryEvent[]> {
    return this.client.history(this.id);
  }

  state(): Promise<Execution> {
    return this.client.get(this.id);
  }

  explain(): Promise<Explanation> {
    return this.client.explain(this.id);
  }

  logs(): Promise<LogItem[]> {
    return everyPage((cursor) => this.client.logs(this.id, { limit: PAGE, ...cursor }));
  }

  async children(): Promise<ExecutionHandle[]> {
    const found = await everyPage((cursor) => this.client.list({ parent: this.id, limit: PAGE, ...cursor }));
    return found.reverse().map(({ id }) => new RemoteHandle(this.client, id));
  }

  async waitFor(condition: (state: Execution) => boolean): Promise<Execution> {
    const found = await this.watch(async () => {
      const state = await this.state();
      return condition(state) ? state : null;
    });
    if (found !== null) return found;
    throw new Error(`${this.id} is closed, and what was waited for did not come.`);
  }

  async signal(name: string, payload: unknown = null): Promise<void> {
    await this.client.signal(this.id, name, payload);
  }

  async approvals(): Promise<RequestedApproval[]> {
    const { items } = await this.client.approvals.list({ execution: this.id, status: "pending", limit: PAGE });
    return items.reverse();
  }

  approve(approval: string, decision?: Decision): Promise<void> {
    return this.decide(approval, "approved", decision);
  }

  reject(approval: string, decision?: Decision): Promise<void> {
    return this.decide(approval, "rejected", decision);
  }

  cancel(options: { reason?: string; compensate?: boolean } = {}): Promise<void> {
    return this.client.cancel(this.id, options);
  }

  terminate(options: { reason?: string } = {}): Promise<void> {
    return this.client.terminate(this.id, options);
  }

  async pause(options: { reason?: string } = {}): Promise<void> {
    await this.client.pause(this.id, options);
  }

  async resume(options: { reason?: string } = {}): Promise<void> {
    await this.client.resume(this.id, options);
  }

  async retry(options: { fromNode?: string; input?: unknown; reason?: string } = {}): Promise<void> {
    await this.client.retry(this.id, options);
  }

  async fork(options: ForkHandleOptions): Promise<ExecutionHandle<Output>> {
    const { id } = await this.client.fork(this.id, options);
    return new RemoteHandle(this.client, id);
  }

  private async decide(which: string, decision: "approved" | "rejected", options?: Decision): Promise<void> {
    const id = APPROVAL_ID.test(which) ? which : await this.pendingAt(which);
    await this.client.approvals.decide(id, decision, options);
  }

  private async pendingAt(node: string): Promise<string> {
    const found = await this.watch(async () => (await this.approvals()).find((each) => each.node === node) ?? null);
    if (found !== null) return found.id;
    const message = `APPROVAL_NOT_FOUND: No approval waits at ${node}, and the execution is closed`;
    throw new CerebelumError({ code: "APPROVAL_NOT_FOUND", status: 404, message });
  }

  /** Looks now and after every event to come, until something is found or the execution is closed. */
  private async watch<T>(look: () => Promise<T | null>): Promise<T | null> {
    const { sequence } = await this.state();
    const now = await look();
    if (now !== null) return now;
    for await (const _ of this.client.stream(this.id, { after: sequence })) {
      const found = await look();
      if (found !== null) return found;
    }
    return look();
  }
}

async function everyPage<T>(read: (cursor: { cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: { cursor?: string } | null = {}; cursor !== null; ) {
    const page: Page<T> = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor === null ? null : { cursor: page.nextCursor };
  }
  return items;
}
