/** One execution on a clock of its own: given a definition, when this is answered, then that is in the history. */
import { createHash } from "node:crypto";
import { type Schema, Validator } from "@cfworker/json-schema";
import type { Definition } from "@/lib/contract/definition";
import type { ErrorInfo, EventOf, EventType, HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import type { Command, DecideEnv, Decision, Reply, TaskAnswer } from "@/lib/core/execution/commands";
import { findStep } from "@/lib/core/execution/find-step";
import type { ExecutionState, StepState } from "@/lib/core/execution/state";
import type { StepRef } from "@/lib/core/execution/step-ref";
import { type Core, realCore } from "./core";

/** A node by its path, or that and which item of each map around it. */
export type Place = string | [node: string, ...index: number[]];

export const START_MS = Date.UTC(2030, 0, 1);

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

type Decided = Extract<Decision, { kind: "decided" }>;
type StartOptions = Omit<Extract<Command, { type: "start" }>, "type" | "workflow" | "version" | "hash" | "input">;

export class TestExecution {
  now = START_MS;
  random = 0.5;
  state: ExecutionState;
  readonly events: HistoryEvent[] = [];
  /** As a host stores them: large values by hash. */
  readonly values = new Map<string, JsonValue>();
  /** Published versions, as a host knows them. */
  readonly workflows: Map<string, { version: number; hash: string } | null> = new Map();
  #made = 0;

  constructor(
    readonly definition: Definition,
    readonly core: Core = realCore,
  ) {
    this.state = core.initialState(core.compileGraph(definition));
  }

  env(): DecideEnv {
    return {
      now: this.now,
      actor: "engine",
      executionId: "exe_test",
      random: () => this.random,
      newTaskId: () => `task-${++this.#made}`,
      newApprovalId: () => `approval-${++this.#made}`,
      newExecutionId: () => `child-${++this.#made}`,
      sha256,
      values: this.values,
      workflows: this.workflows,
      checkSchema: (schema, value) => {
        const { valid, errors } = new Validator(schema as Schema, "2020-12").validate(value);
        return valid ? null : (errors[0]?.error ?? "it does not fit");
      },
    };
  }

  /** Decides as it is, and keeps nothing. */
  peek(command: Command, env: Partial<DecideEnv> = {}): Decision {
    return this.core.decide(this.state, command, { ...this.env(), ...env });
  }

  do(command: Command): Decided {
    const decision = this.peek(command);
    if (decision.kind === "needs") throw new Error(`needs ${JSON.stringify(decision)}`);
    this.state = decision.state;
    this.events.push(...decision.events);
    for (const { hash, json } of decision.values) this.values.set(hash, json);
    return decision;
  }

  start(input: JsonValue = null, options: StartOptions = {}): this {
    const { name: workflow } = this.definition;
    this.do({ type: "start", workflow, version: 1, hash: "hash", input, ...options });
    return this;
  }

  complete(node: Place, output: JsonValue = null, port?: string): this {
    this.do({ type: "complete-task", ...this.answer(node), output, ...(port === undefined ? {} : { port }) });
    return this;
  }

  fail(node: Place, error: Partial<ErrorInfo> = {}): this {
    this.do({ type: "fail-task", ...this.answer(node), error: { code: "BOOM", message: "it broke", ...error } });
    return this;
  }

  expire(node: Place, code: Extract<Command, { type: "expire-task" }>["code"]): this {
    const { lease: _, ...answer } = this.answer(node);
    this.do({ type: "expire-task", code, ...answer });
    return this;
  }

  cancel(reason?: string): this {
    this.do({ type: "cancel", ...(reason === undefined ? {} : { reason }) });
    return this;
  }

  /** Lets time pass, then wakes. */
  wakeAfter(ms: number): this {
    this.now += ms;
    this.do({ type: "wake" });
    return this;
  }

  /** The answer that the step waits for, under a lease of its own. */
  answer(node: Place): TaskAnswer {
    const { taskId, status } = this.step(node);
    if (taskId === null) throw new Error(`${node} waits for no task but is ${status}`);
    return { step: this.ref(node), taskId, lease: `lease of ${taskId}` };
  }

  reply(command: Command): Reply {
    return this.do(command).reply;
  }

  ordinal(node: string): number {
    return this.state.graph.ordinals.get(node) ?? -1;
  }

  ref(place: Place): StepRef {
    const [node, ...index] = typeof place === "string" ? [place] : place;
    return { ordinal: this.ordinal(node), ...(index.length === 0 ? {} : { index }) };
  }

  step(node: Place): StepState {
    const step = findStep(this.state, this.ref(node));
    if (step === undefined) throw new Error(`there is no step ${node}`);
    return step;
  }

  statuses(): Record<string, string> {
    return Object.fromEntries(this.state.root.steps.map(({ node, status }) => [node, status]));
  }

  /** The history in short: `StepScheduled a`, `ExecutionCompleted`. */
  story(): string[] {
    return this.events.map(({ type, data }) =>
      "node" in data && type.startsWith("Execution") === false
        ? `${type} ${data.node}${data.index === undefined ? "" : `[${data.index}]`}`
        : type,
    );
  }

  of<T extends EventType>(type: T, node?: string): EventOf<T>[] {
    return this.events.filter(
      (event): event is EventOf<T> =>
        event.type === type && (node === undefined || ("node" in event.data && event.data.node === node)),
    );
  }

  output(): JsonValue | undefined {
    const { output } = this.state;
    if (output === null) return undefined;
    return "json" in output ? output.json : this.values.get(output.ref.hash);
  }
}

export function given(definition: Partial<Definition> & Pick<Definition, "nodes">, core?: Core): TestExecution {
  return new TestExecution({ name: "test", edges: [], ...definition }, core);
}

type Nodes = Definition["nodes"];
type Edges = Definition["edges"];

/** Task nodes of these ids, each with the handler of its name. */
export function tasks(...ids: string[]): Nodes {
  return ids.map((id) => ({ id, type: "task", task: id }));
}

/** `"a>b"`, or `"a.port>b"`. */
export function edges(...texts: string[]): Edges {
  return texts.map((text) => {
    const [source = "", to = ""] = text.split(">");
    const [from = "", port] = source.split(".");
    return port === undefined ? { from, to } : { from, port, to };
  });
}
