/**
 * Tries a workflow out: on a clock that jumps, with scripted people, signals and failures, and the same chance and ids in
 * every run. What its definition and its handlers do is what a server would do.
 */
import type { HistoryEvent as CoreEvent, EventOf } from "@/lib/contract/history";
import { explain } from "@/lib/core/execution/explain";
import { isCompensationKey } from "@/lib/core/execution/step-key";
import type { AnyWorkflow } from "../any-workflow";
import type { StepContext } from "../dsl/step-context";
import { CerebelumError } from "../errors";
import type { ExecutionHandle } from "../execution-handle";
import { asJson } from "../handler/payload";
import { type CallOptions, callUrl, outcomeOfAnswer } from "../local/call-url";
import { type VirtualClock, virtualClock } from "../local/clock";
import { LocalEngine } from "../local/local-engine";
import type { LocalExecution } from "../local/local-execution";
import { LocalHandle } from "../local/local-handle";
import type { LocalSettings } from "../local/local-settings";
import { startLocally } from "../local/start-locally";
import type { LogItem } from "../types/answers";
import type { JsonValue } from "../types/definition";
import type { Execution, ExecutionStatus } from "../types/executions";
import type { ErrorInfo, HistoryEvent } from "../types/history";
import { answerTo, checkScript, durationMs, entryFor, failureOf, namesOfNode, type Script } from "./script";
import { seededRandom } from "./seeded-random";

export interface TestOptions<Input = unknown> extends Script {
  /** Default null. */
  input?: Input;
  /** Default: one that starts on 1 January 2025. */
  clock?: VirtualClock;
  /** Of jitter. Default 1. */
  seed?: number;
  /** Workflows that steps start by name only. */
  workflows?: readonly AnyWorkflow[];
  key?: string;
  tags?: string[];
  correlationId?: string;
}

/** An execution that is closed. */
export interface TestRun<Output = unknown> {
  status: ExecutionStatus;
  /** Null unless it completed. */
  output: Output | null;
  /** Why it failed. */
  error: (ErrorInfo & { node?: string }) | null;
  history: HistoryEvent[];
  state: Execution;
  logs: LogItem[];
  /** How much time passed on its clock. */
  elapsedMs: number;
  /** To go on with it: `retry`, `fork`, `children`. */
  run: ExecutionHandle<Output>;
}

/** A workflow, as far as its types go. */
interface Typed<Input, Output> extends AnyWorkflow {
  readonly types?: { accepts: (input: Input) => void; out: Output };
}

/**
 * Runs a workflow to its end, whatever that is; a failure is a result, not an exception.
 *
 *     const { output, history } = await testWorkflow(refund, {
 *       input: { order: 7 },
 *       approvals: { sign_off: { data: { amount: 40 }, after: "1d" } },
 *       fail: { charge: [{ code: "BUSY", message: "try again" }] },
 *     });
 *     assertOrder(history, "charge", "sign_off");
 *
 * @throws Error when it comes to rest without an end, saying what it waits for, or when the script does not fit.
 */
export async function testWorkflow<Input, Output>(
  workflow: Typed<Input, Output>,
  options: TestOptions<Input> = {},
): Promise<TestRun<Output>> {
  const test = new Rehearsal(workflow, options as TestOptions);
  return (await test.run()) as TestRun<Output>;
}

class Rehearsal {
  private readonly clock: VirtualClock;
  private readonly engine: LocalEngine;
  private readonly calls = new Map<string, number>();
  private root: LocalExecution | null = null;
  /** Of the script: what it says could not be done. */
  private problem: { error: unknown } | null = null;

  constructor(
    private readonly workflow: AnyWorkflow,
    private readonly script: TestOptions,
  ) {
    checkScript(script, [...(script.workflows ?? []), workflow]);
    this.clock = script.clock ?? virtualClock();
    this.engine = LocalEngine.at(this.clock);
  }

  async run(): Promise<TestRun> {
    const startedAt = this.clock.now();
    const { input = null, key, tags, correlationId } = this.script;
    const start = {
      input: asJson<JsonValue>(input, "The input"),
      ...(key === undefined ? {} : { key }),
      ...(tags === undefined ? {} : { tags }),
      ...(correlationId === undefined ? {} : { correlationId }),
    };
    const execution = startLocally(this.workflow, start, this.clock, this.settings());
    this.root = execution;
    for (const { name, payload = null, at = 0 } of this.script.signals ?? []) {
      const signal = {
        type: "signal" as const,
        signal: name,
        payload: asJson<JsonValue>(payload, `The signal ${name}`),
      };
      this.engine.alarm(startedAt + durationMs(at, `signals.${name}.at`), () => execution.receive(signal));
    }
    await this.end(execution);
    return resultOf(execution, this.clock.now() - startedAt);
  }

  private async end(execution: LocalExecution): Promise<void> {
    const closed = execution.until(() => execution.isClosed || this.problem !== null);
    const stuck = this.engine.rest().then(() => this.throwStuck(execution));
    stuck.catch(() => {});
    await Promise.race([closed, stuck]);
    if (this.problem !== null) throw this.problem.error;
  }

  private throwStuck(execution: LocalExecution): void {
    if (this.problem !== null) throw this.problem.error;
    if (execution.isClosed) return;
    const { sentence } = explain(execution.state, this.clock.now(), new Map());
    throw new Error(
      `The execution came to rest without an end. ${sentence} Script what ends that: approvals, signals.`,
    );
  }

  private settings(): Parameters<typeof startLocally>[3] {
    const made = new Map<string, number>();
    return {
      workflows: this.script.workflows,
      random: seededRandom(this.script.seed ?? 1),
      newId: (of) => {
        const number = (made.get(of) ?? 0) + 1;
        made.set(of, number);
        return `${PREFIXES[of]}_test_${number}`;
      },
      call: (node, request, options) => this.call(node, request, options),
      handle: (step, input, context) => this.handle(step, input, context),
      onEvent: (id, event) => this.hear(id, event),
    };
  }

  private handle(step: Parameters<LocalSettings["handle"]>[0], input: unknown, context: StepContext): unknown {
    // What undoes a step is known by its task alone: the node is the step's own.
    const undoes = isCompensationKey(context.idempotencyKey);
    const names = undoes ? [step.task] : [...namesOfNode(context.node), step.task];
    const failure = failureOf(this.script, names, context.attempt);
    if (failure !== null) throw failure;
    const own = step.handler as (input: unknown, context: StepContext) => unknown;
    const handler = entryFor(this.script.handlers, names) as typeof own | undefined;
    return (handler ?? own)(input, context);
  }

  private async call(node: string, request: JsonValue, options: CallOptions) {
    const { http } = this.script;
    if (http === "network") return callUrl(request, options);
    const call = (this.calls.get(node) ?? 0) + 1;
    this.calls.set(node, call);
    const entry = entryFor(http, namesOfNode(node));
    if (entry === undefined)
      throw new Error(`The http step ${node} calls, and the script says no answer: http: { ${node}: { body: … } }.`);
    const { status = 200, headers = {}, body = null } = typeof entry === "function" ? entry(request, call) : entry;
    return outcomeOfAnswer({ status, headers, body }, "The script");
  }

  private hear(executionId: string, event: CoreEvent): void {
    if (event.type !== "ApprovalRequested") return;
    // In a turn of its own: until then the first execution may not even be known here.
    this.engine.post(() => this.tried(() => this.answer(executionId, event)));
  }

  private answer(executionId: string, { data }: EventOf<"ApprovalRequested">): void {
    const answer = answerTo(this.script, data);
    const execution = this.root === null ? null : findBelow(this.root, executionId);
    if (answer === null || execution === null) return;
    const { decision, data: given, comment, afterMs } = answer;
    const decide = () =>
      new LocalHandle(execution)
        [decision === "approved" ? "approve" : "reject"](data.approvalId, {
          ...(given === undefined ? {} : { data: given }),
          ...(comment === undefined ? {} : { comment }),
        })
        .catch((error: unknown) => {
          if (!isTooLate(error)) this.fails(error);
        });
    if (afterMs === 0) void decide();
    else this.engine.alarm(this.clock.now() + afterMs, decide);
  }

  private tried(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fails(error);
    }
  }

  private fails(error: unknown): void {
    this.problem ??= { error };
  }
}

/** A person may well answer when nobody asks any longer. */
function isTooLate(error: unknown): boolean {
  return error instanceof CerebelumError && /^(APPROVAL|EXECUTION)_CLOSED$/.test(error.code);
}

const PREFIXES = { execution: "exe", task: "tsk", approval: "apr" } as const;

function findBelow(execution: LocalExecution, id: string): LocalExecution | null {
  if (execution.id === id) return execution;
  for (const child of execution.children) {
    const found = findBelow(child, id);
    if (found !== null) return found;
  }
  return null;
}

async function resultOf(execution: LocalExecution, elapsedMs: number): Promise<TestRun> {
  const run = new LocalHandle(execution);
  const state = await run.state();
  const { status, output, error } = state;
  return { status, output, error, history: await run.history(), state, logs: await run.logs(), elapsedMs, run };
}
