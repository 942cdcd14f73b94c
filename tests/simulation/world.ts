/**
 * A whole system under one seed: executions and their children, workers, messages between executions, a clock. Everything that
 * may go wrong outside the core does: answers come late, twice, or under a dead lease; messages are repeated and overtake one
 * another; processes forget what they have folded.
 */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { type CompiledGraph, compileGraph } from "@/lib/core/definition/graph";
import { type Command, type DecideEnv, type Reply, workflowKey } from "@/lib/core/execution/commands";
import { wakeAt } from "@/lib/core/execution/deadlines";
import { decide } from "@/lib/core/execution/decide";
import { type Effect, type EffectOf, effects } from "@/lib/core/execution/effects";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import { deserializeState, serializeState } from "@/lib/core/execution/serialize-state";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import type { Random } from "./random";

export interface Running {
  readonly id: string;
  readonly graph: CompiledGraph;
  readonly events: HistoryEvent[];
  readonly values: Map<string, JsonValue>;
  state: ExecutionState;
}

export type Message = EffectOf<"start-child" | "cancel-child" | "tell-parent"> & { readonly from: string };

export interface Out {
  readonly execution: string;
  readonly task: EffectOf<"dispatch-task">;
}

export interface Asked {
  readonly execution: string;
  readonly approval: EffectOf<"open-approval">;
}

const START_MS = Date.UTC(2030, 0, 1);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export class World {
  now = START_MS;
  readonly executions = new Map<string, Running>();
  readonly messages: Message[] = [];
  readonly delivered: Message[] = [];
  readonly out = new Map<string, Out>();
  readonly asked = new Map<string, Asked>();
  /** Commands that were accepted, to be sent once more. */
  readonly accepted: { execution: string; command: Command }[] = [];
  readonly #graphs = new Map<string, CompiledGraph>();
  #made = 0;

  constructor(readonly random: Random) {}

  publish(definition: Definition) {
    this.#graphs.set(definition.name, compileGraph(definition));
  }

  start(
    workflow: string,
    input: JsonValue,
    id = this.#id("exe"),
    parent?: Extract<Command, { type: "start" }>["parent"],
  ) {
    if (this.executions.has(id)) return id;
    const graph = this.#graphs.get(workflow);
    if (graph === undefined) throw new Error(`no workflow ${workflow}`);
    this.executions.set(id, { id, graph, events: [], values: new Map(), state: initialState(graph) });
    const command = { type: "start" as const, workflow, version: 1, hash: "h", input };
    this.apply(id, parent === undefined ? command : { ...command, parent });
    return id;
  }

  apply(id: string, command: Command): Reply {
    const execution = this.#execution(id);
    const before = execution.state;
    const workflows = new Map([...this.#graphs.keys()].map((name) => [workflowKey({ workflow: name }), VERSION]));
    const decision = decide(before, command, this.#env(execution, workflows));
    if (decision.kind === "needs") throw new Error(`needs ${JSON.stringify(decision)}`);
    const { events, state, values, reply } = decision;
    for (const { hash, json } of values) execution.values.set(hash, json);
    execution.events.push(...events);
    execution.state = state;
    if (events.length > 0) this.#check(execution, before, events);
    for (const event of events) for (const effect of effects(event, state)) this.#perform(id, effect);
    if (reply === "accepted" && command.type !== "wake") this.accepted.push({ execution: id, command });
    return reply;
  }

  /** What one command wrote gives the same state one event at a time, from its text, and through a snapshot. */
  #check({ graph, state, id }: Running, before: ExecutionState, events: readonly HistoryEvent[]) {
    const read = JSON.parse(JSON.stringify(events)) as HistoryEvent[];
    const kept = JSON.parse(JSON.stringify(serializeState(before)));
    expect(serializeState(evolveAll(deserializeState(graph, kept), read)), id).toEqual(serializeState(state));
    if (isClosed(state)) return;
    const isGoingOn = wakeAt(state) !== null || waitingFor(state).length > 0 || state.pausedAt !== null;
    expect(isGoingOn || state.compensations.some(({ taskId }) => taskId !== null), `${id} waits for something`).toBe(
      true,
    );
  }

  /** A process that knows nothing folds the whole history. */
  forget(id: string) {
    const execution = this.#execution(id);
    const read = JSON.parse(JSON.stringify(execution.events)) as HistoryEvent[];
    const state = evolveAll(initialState(execution.graph), read);
    expect(serializeState(state), id).toEqual(serializeState(execution.state));
    execution.state = state;
  }

  deliver(message: Message) {
    this.delivered.push(message);
    switch (message.type) {
      case "start-child":
        this.start(message.workflow, 0.3, message.executionId, { ...message.parent, executionId: message.from });
        return;
      case "cancel-child":
        if (this.executions.has(message.executionId)) this.apply(message.executionId, { type: "cancel" });
        // It overtook the start: a host keeps the order of one sender, so that the start comes first.
        return;
      case "tell-parent": {
        const { parent, status, output, error } = message;
        const { graph } = this.#execution(parent.executionId);
        const step = {
          ordinal: graph.ordinals.get(parent.node) ?? -1,
          ...(parent.index === undefined ? {} : { index: parent.index }),
        };
        const json = output !== null && "json" in output ? { output: output.json } : {};
        this.apply(parent.executionId, {
          type: "child-closed",
          step,
          executionId: message.from,
          status,
          ...json,
          ...(error === null ? {} : { error }),
        });
      }
    }
  }

  open(): Running[] {
    return [...this.executions.values()].filter(({ state }) => !isClosed(state));
  }

  nextWake(): number | null {
    const times = this.open().flatMap(({ state }) => wakeAt(state) ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  #perform(id: string, effect: Effect) {
    switch (effect.type) {
      case "dispatch-task":
        this.out.set(effect.taskId, { execution: id, task: effect });
        break;
      case "drop-task":
        this.out.delete(effect.taskId);
        break;
      case "open-approval":
        this.asked.set(effect.approvalId, { execution: id, approval: effect });
        break;
      case "close-approval":
        this.asked.delete(effect.approvalId);
        break;
      case "start-child":
      case "cancel-child":
      case "tell-parent":
        this.messages.push({ ...effect, from: id });
        break;
      case "close":
        for (const [taskId, { execution }] of this.out) if (execution === id) this.out.delete(taskId);
    }
  }

  #env({ id, values }: Running, workflows: DecideEnv["workflows"]): DecideEnv {
    return {
      now: this.now,
      actor: "engine",
      executionId: id,
      random: () => this.random.next(),
      newTaskId: () => this.#id("tsk"),
      newApprovalId: () => this.#id("apr"),
      newExecutionId: () => this.#id("exe"),
      sha256,
      values,
      workflows,
      checkSchema: () => null,
    };
  }

  #execution(id: string): Running {
    const execution = this.executions.get(id);
    if (execution === undefined) throw new Error(`no execution ${id}`);
    return execution;
  }

  #id(prefix: string): string {
    return `${prefix}_${++this.#made}`;
  }
}

const VERSION = { version: 1, hash: "h" };
