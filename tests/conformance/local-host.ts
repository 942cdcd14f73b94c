/** The SDK's local executor: everything in this process, on a virtual clock. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import type { AnyWorkflow } from "@/worker-sdk/src/any-workflow";
import { Step } from "@/worker-sdk/src/dsl/step";
import { CerebelumError } from "@/worker-sdk/src/errors";
import { type CallOptions, outcomeOfAnswer } from "@/worker-sdk/src/local/call-url";
import { type VirtualClock, virtualClock } from "@/worker-sdk/src/local/clock";
import { LocalEngine } from "@/worker-sdk/src/local/local-engine";
import { LocalHandle } from "@/worker-sdk/src/local/local-handle";
import { startLocally } from "@/worker-sdk/src/local/start-locally";
import { type Given, Refused, type StartOptions } from "./behaviour";
import { Bench, placeOf } from "./bench";
import { HttpScript, handlersFor } from "./given";
import type { Control, Decision, Fork, Host, Stage } from "./host";

/** Whoever posts, is told or begins has had a turn by then. */
const TURNS_OF_QUIET = 6;
const PREFIXES = { execution: "exe", task: "tsk", approval: "apr" } as const;

export const localHost: Host = {
  open: async (given, definitions) => new LocalStage(given, definitions),
  close: async () => {},
};

class LocalStage implements Stage {
  readonly #clock: VirtualClock = virtualClock("2026-01-05T12:00:00.000Z", { manual: true });
  readonly #engine = LocalEngine.at(this.#clock);
  readonly #bench: Bench;
  readonly #http: HttpScript;
  readonly #workflows: Map<string, AnyWorkflow>;
  readonly #handles = new Map<string, LocalHandle>();
  #events = 0;
  #ids = 0;

  constructor(given: Given, definitions: readonly Definition[]) {
    this.#bench = new Bench(given.held);
    this.#http = new HttpScript(given);
    this.#workflows = new Map(definitions.map((definition) => [definition.name, workflowOf(definition, given)]));
  }

  async start(name: string, input: JsonValue, { startInMs, ...options }: StartOptions): Promise<string> {
    const workflow = this.#workflows.get(name);
    if (workflow === undefined) throw new Error(`no workflow ${name} is given`);
    const startAt = startInMs === undefined ? {} : { startAt: this.now() + startInMs };
    const execution = startLocally(workflow, { input, ...options, ...startAt }, this.#clock, {
      workflows: [...this.#workflows.values()],
      random: () => 0.5,
      newId: (of) => `${PREFIXES[of]}_${String(++this.#ids).padStart(13, "0")}`,
      call: (node, request, options) => this.#call(node, request, options),
      handle: async (step, input, context) => {
        await this.#bench.turn(placeOf(context.node, context.index), context.signal);
        return (step.handler as (input: unknown, context: unknown) => unknown)(input, context);
      },
      onEvent: () => this.#events++,
    });
    return this.#know(new LocalHandle(execution));
  }

  async settle(): Promise<void> {
    await this.#quiet();
    for (let piece = this.#bench.next(); piece !== undefined; piece = this.#bench.next()) {
      piece.begin();
      await this.#quiet();
    }
  }

  release(place: string): void {
    this.#bench.release(place);
  }

  now(): number {
    return this.#clock.now();
  }

  async nextAt(): Promise<number | null> {
    const times = [...this.#handles.keys()].map((id) => this.#engine.find(id)?.nextAt() ?? null);
    const due = times.filter((at) => at !== null);
    return due.length === 0 ? null : Math.min(...due);
  }

  async passTo(at: number): Promise<void> {
    this.#clock.advance(at - this.now());
    await this.#quiet();
  }

  async control(id: string, { type, ...rest }: Control): Promise<void> {
    const handle = this.#handle(id);
    const { signal = "", payload, ...options } = rest as { signal?: string; payload?: JsonValue };
    await refusing(type === "signal" ? handle.signal(signal, payload) : handle[type](options));
    await this.#quiet();
  }

  async decide(id: string, approvalId: string, { decision, ...answer }: Decision): Promise<void> {
    const handle = this.#handle(id);
    await refusing(handle[decision === "approved" ? "approve" : "reject"](approvalId, answer));
    await this.#quiet();
  }

  async fork(id: string, options: Fork): Promise<string> {
    const forked = await refusing(this.#handle(id).fork(options));
    await this.#quiet();
    return this.#know(forked as LocalHandle);
  }

  async history(id: string): Promise<HistoryEvent[]> {
    return (await this.#handle(id).history()) as HistoryEvent[];
  }

  async close(): Promise<string[]> {
    for (const handle of this.#handles.values()) await handle.terminate().catch(() => {});
    await this.#quiet();
    return [];
  }

  async #quiet(): Promise<void> {
    let seen = "";
    for (let quiet = 0; quiet < TURNS_OF_QUIET; quiet++) {
      await nextTurn();
      const sign = `${this.#events} ${this.#bench.arrived}`;
      if (sign !== seen) quiet = 0;
      seen = sign;
    }
    for (const handle of [...this.#handles.values()]) await this.#knowChildren(handle);
  }

  async #call(node: string, request: JsonValue, { signal }: CallOptions) {
    await this.#bench.turn(node, signal);
    return outcomeOfAnswer(this.#http.answer(request), "The script");
  }

  #know(handle: LocalHandle): string {
    this.#handles.set(handle.id, handle);
    return handle.id;
  }

  async #knowChildren(handle: LocalHandle): Promise<void> {
    for (const child of (await handle.children()) as LocalHandle[]) {
      if (!this.#handles.has(child.id)) this.#know(child);
      await this.#knowChildren(child);
    }
  }

  #handle(id: string): LocalHandle {
    const handle = this.#handles.get(id);
    if (handle === undefined) throw new Error(`no execution ${id}`);
    return handle;
  }
}

function workflowOf(definition: Definition, given: Given): AnyWorkflow {
  const steps = [...handlersFor(definition, given)].map(([name, handler]) => new Step(name, name, handler, {}));
  return { name: definition.name, definition, warnings: [], steps, children: [] } as AnyWorkflow;
}

async function refusing<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof CerebelumError ? new Refused(error.code) : error;
  }
}
