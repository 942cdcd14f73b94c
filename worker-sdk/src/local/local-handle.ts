/** The handle of an execution in this process. */

import type { Command } from "@/lib/core/execution/commands";
import { explain } from "@/lib/core/execution/explain";
import { ExecutionFailedError } from "../errors";
import type { Decision, ExecutionHandle, ForkHandleOptions } from "../execution-handle";
import { asJson } from "../handler/payload";
import type { Explanation, LogItem, RequestedApproval } from "../types/answers";
import type { JsonValue } from "../types/definition";
import type { Execution } from "../types/executions";
import type { HistoryEvent } from "../types/history";
import { checkInput } from "./check-schema";
import { executionView } from "./execution-view";
import { approvalView, type LocalApproval } from "./local-approvals";
import { LocalExecution } from "./local-execution";
import { refusal, throwRefusal } from "./refusals";

/** Who commands: there is nobody else. */
export const LOCAL_USER = "user:local";

export class LocalHandle<Output = unknown> implements ExecutionHandle<Output> {
  constructor(private readonly execution: LocalExecution) {}

  get id(): string {
    return this.execution.id;
  }

  async result(): Promise<Output> {
    const { execution } = this;
    await execution.until(() => execution.isClosed);
    const { id, state } = execution;
    if (state.status === "completed") return structuredClone(execution.value(state.output)) as Output;
    const { status, error } = state;
    throw new ExecutionFailedError({ executionId: id, status, error, history: await this.history() });
  }

  async history(): Promise<HistoryEvent[]> {
    return structuredClone(this.execution.history) as HistoryEvent[];
  }

  async state(): Promise<Execution> {
    return executionView(this.execution);
  }

  async explain(): Promise<Explanation> {
    const { state, engine } = this.execution;
    return explain(state, engine.clock.now(), new Map());
  }

  async logs(): Promise<LogItem[]> {
    return structuredClone(this.execution.logs);
  }

  async children(): Promise<ExecutionHandle[]> {
    return this.execution.children.map((child) => new LocalHandle(child));
  }

  async waitFor(condition: (state: Execution) => boolean): Promise<Execution> {
    let found: Execution | null = null;
    await this.execution.until(() => {
      const state = executionView(this.execution);
      if (found === null && condition(state)) found = state;
      return found !== null || this.execution.isClosed;
    });
    if (found !== null) return found;
    throw new Error(`${this.id} is ${this.execution.state.status}, and what was waited for did not come.`);
  }

  async signal(name: string, payload: unknown = null): Promise<void> {
    this.command({ type: "signal", signal: name, payload: asJson(payload, `The payload of signal ${name}`) });
  }

  async approvals(): Promise<RequestedApproval[]> {
    return this.execution.approvals.pending.map(approvalView);
  }

  approve(approval: string, decision?: Decision): Promise<void> {
    return this.decide(approval, "approved", decision);
  }

  reject(approval: string, decision?: Decision): Promise<void> {
    return this.decide(approval, "rejected", decision);
  }

  async cancel(options: { reason?: string; compensate?: boolean } = {}): Promise<void> {
    this.command({ type: "cancel", ...options });
  }

  async terminate(options: { reason?: string } = {}): Promise<void> {
    this.command({ type: "terminate", ...options });
  }

  async pause(options: { reason?: string } = {}): Promise<void> {
    this.command({ type: "pause", ...options });
  }

  async resume(options: { reason?: string } = {}): Promise<void> {
    this.command({ type: "resume", ...options });
  }

  async retry({ input, ...options }: { fromNode?: string; input?: unknown; reason?: string } = {}): Promise<void> {
    this.command({ type: "retry", ...options, ...this.inputField(input) });
  }

  async fork({ at, input, overrides, reason }: ForkHandleOptions): Promise<ExecutionHandle<Output>> {
    const { engine, settings, version, history, id } = this.execution;
    if (at > history.length)
      throw refusal("INVALID_REQUEST", 422, `/at: must be at most ${history.length}, where the history ends`);
    const beginning = this.execution.copyUntil(at);
    if (beginning === null) throw refusal("EXECUTION_CLOSED", 409, `There is nothing before event ${at} to go on from`);
    const forked = new LocalExecution(engine, settings, settings.newId("execution"), version, beginning);
    const command: Command = {
      type: "fork",
      source: id,
      at: beginning.events.length,
      version: version.version,
      hash: version.hash,
      ...this.inputField(input),
      ...(overrides === undefined ? {} : { overrides: asJson(overrides, "The overrides") }),
      ...(reason === undefined ? {} : { reason }),
    };
    throwRefusal(forked.apply(command, LOCAL_USER));
    return new LocalHandle(forked);
  }

  private inputField(input: unknown): { input?: JsonValue } {
    if (input === undefined) return {};
    const json = asJson<JsonValue>(input, "The input");
    checkInput(this.execution.version.definition, json);
    return { input: json };
  }

  private command(command: Command): void {
    throwRefusal(this.execution.apply(command, LOCAL_USER));
  }

  private async decide(
    which: string,
    decision: "approved" | "rejected",
    { data, comment }: Decision = {},
  ): Promise<void> {
    const approval = this.execution.approvals.find(which) ?? (await this.pendingAt(which));
    this.command({
      type: "decide-approval",
      step: approval.step,
      approvalId: approval.id,
      decision,
      ...(data === undefined ? {} : { data: asJson(data, "The data of the decision") }),
      ...(comment === undefined ? {} : { comment }),
      decidedBy: LOCAL_USER,
    });
  }

  private async pendingAt(node: string): Promise<LocalApproval> {
    const { execution } = this;
    const find = () => execution.approvals.pending.find((approval) => approval.node === node);
    await execution.until(() => find() !== undefined || execution.isClosed);
    const found = find();
    if (found !== undefined) return found;
    throw refusal("APPROVAL_NOT_FOUND", 404, `No approval waits at ${node}, and the execution is closed`);
  }
}
