/**
 * What one flush is going to write: drafts of executions decided on the states at hand, bounded in bytes, and the polls that
 * could be given the tasks they make ready. Nothing is written here; a plan that is not written is thrown away.
 */
import { initialState } from "@/lib/core/execution/initial-state";
import { decideOn, type SharedEnv, Undecidable } from "./decide-on";
import type { DoorDependencies } from "./dependencies";
import type { LeaseRequest, StartSubmission } from "./door";
import type { Draft } from "./draft";
import { UnfoldableHistory } from "./event-store";
import { readyTasks, type StartRow } from "./flush-rows";
import { type Folded, nothingFolded } from "./folded";
import { inTurns } from "./in-turns";
import { type Batch, byExecution, type CommandWork, draftInput, type StartWork } from "./lane";
import { quarantine } from "./quarantine";
import type { States } from "./states";

export interface Plan {
  advances: Map<Draft, CommandWork[]>;
  starts: Map<Draft, StartWork>;
  leases: LeaseRequest[];
}

/** The commands of one execution. */
interface Group {
  id: bigint;
  works: CommandWork[];
}

/** What is planned whole or not at all. */
type Unit = Group | StartWork;

/** A flush stays below this many bytes of JSON, unless one execution's commands alone exceed it. */
const MAX_FLUSH_BYTES = 8 * 1024 * 1024;

export class Planner {
  constructor(
    readonly deps: DoorDependencies,
    readonly states: States,
  ) {}

  /** `rest` is what would have made the flush too large: it goes back to the front of the queue. */
  async plan(batch: Batch): Promise<{ plan: Plan; rest: Partial<Batch> }> {
    const plan: Plan = { advances: new Map(), starts: new Map(), leases: [...batch.leases] };
    const groups = [...byExecution(batch.commands)].map(([id, works]) => ({ id, works }));
    const states = await this.states.get(groups.map(({ id }) => id));
    // By turns, for who comes after the last byte waits for the next flush.
    const units = inTurns<Unit>([...groups, ...batch.starts], namespaceOf);
    let bytes = 0;
    for (const [i, unit] of units.entries()) {
      if (bytes > MAX_FLUSH_BYTES) return { plan: this.#withParkedPolls(plan), rest: restOf(units.slice(i)) };
      bytes += "works" in unit ? await this.#planAdvance(plan, unit, states) : await this.#planStart(plan, unit);
    }
    return { plan: this.#withParkedPolls(plan), rest: {} };
  }

  /** Bytes that it adds. */
  async #planAdvance(
    plan: Plan,
    { id, works }: Group,
    states: ReadonlyMap<bigint, Folded | UnfoldableHistory>,
  ): Promise<number> {
    const drafted = await this.draftAdvance(id, works, states.get(id));
    if (drafted === null) return 0;
    plan.advances.set(drafted.draft, drafted.works);
    return size(drafted.draft);
  }

  /** Bytes that it adds. */
  async #planStart(plan: Plan, work: StartWork): Promise<number> {
    const drafted = await this.#draftStart(work).catch(work.reject);
    if (drafted == null) return 0;
    plan.starts.set(drafted, work);
    return size(drafted);
  }

  #withParkedPolls(plan: Plan): Plan {
    const ready = readyTasks([...plan.advances.keys(), ...plan.starts.keys()]);
    if (ready.length > 0) plan.leases.push(...this.deps.parked.claim(ready));
    return plan;
  }

  /** The draft of one execution's commands; null where all of them could be answered without one. */
  async draftAdvance(
    id: bigint,
    works: readonly CommandWork[],
    folded: Folded | UnfoldableHistory | undefined,
  ): Promise<{ draft: Draft; works: CommandWork[] } | null> {
    if (folded instanceof UnfoldableHistory) {
      await quarantine(this.deps, this.states, id, works, folded);
      return null;
    }
    const live: CommandWork[] = [];
    for (const work of works) {
      if (folded?.namespaceId !== work.submission.namespaceId) work.resolve({ reply: "not-found", state: null });
      else if (folded.status === "quarantined") work.resolve({ reply: "quarantined", state: folded.state });
      else if (work.tokenDead && leavesNoTrace(work)) work.resolve({ reply: "stale", state: folded.state });
      else live.push(work);
    }
    if (folded === undefined || live.length === 0) return null;
    try {
      const inputs = (env: SharedEnv) => live.map((work) => draftInput(work, env));
      return { draft: await decideOn(this.deps, this.states, folded, inputs), works: live };
    } catch (error) {
      if (!(error instanceof Undecidable || error instanceof UnfoldableHistory)) throw error;
      await quarantine(this.deps, this.states, id, live, error);
      return null;
    }
  }

  /** Null where it was refused, and answered. */
  async #draftStart(work: StartWork): Promise<Draft | null> {
    const { begin, command, actor, message } = work;
    const before = "folded" in begin ? begin.folded : await this.#nothingYet(work, begin);
    const inputs = (env: SharedEnv) => [{ command, env: { ...env, actor }, message }];
    const valuesOf = "folded" in begin ? begin.source : before.id;
    const drafted = await decideOn(this.deps, this.states, before, inputs, valuesOf);
    const [reply = "accepted"] = drafted.replies;
    if (reply === "accepted") return drafted;
    work.resolve({ outcome: "refused", reply, state: before.state });
    return null;
  }

  async #nothingYet(
    { executionId: id, namespaceId }: StartWork,
    { workflowId, version }: Pick<StartSubmission, "workflowId" | "version">,
  ): Promise<Folded> {
    const state = initialState(await this.deps.graphs.load(namespaceId, workflowId, version));
    return nothingFolded({ id, namespaceId, workflowId, status: state.status }, state);
  }
}

function namespaceOf(unit: Unit): number {
  return "works" in unit ? (unit.works[0]?.submission.namespaceId ?? 0) : unit.namespaceId;
}

function restOf(units: readonly Unit[]): Partial<Batch> {
  return {
    commands: units.flatMap((unit) => ("works" in unit ? unit.works : [])),
    starts: units.flatMap((unit) => ("works" in unit ? [] : unit)),
  };
}

/** The task's row says that it is no longer theirs to end or to go on with, and there is nothing to record. */
function leavesNoTrace({ submission: { command } }: CommandWork): boolean {
  return command.type === "expire-task" || command.type === "checkpoint-task";
}

/** What starts write beside their drafts. */
export function startRows(plan: Plan): Map<Draft, StartRow> {
  return new Map(
    [...plan.starts].map(([draft, { command, begin, idempotencyKey, requestHash }]) => [
      draft,
      {
        key: command.type === "start" ? (command.key ?? null) : null,
        idempotencyKey,
        requestHash,
        copy: "folded" in begin ? begin : null,
      },
    ]),
  );
}

function size(draft: Draft): number {
  return draft.after.size - draft.before.size + 256;
}
