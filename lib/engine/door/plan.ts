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
import { type Batch, byExecution, type CommandWork, draftInput, type StartWork } from "./lane";
import { quarantine } from "./quarantine";
import type { States } from "./states";

export interface Plan {
  advances: Map<Draft, CommandWork[]>;
  starts: Map<Draft, StartWork>;
  leases: LeaseRequest[];
}

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
    let bytes = 0;
    const groups = [...byExecution(batch.commands)];
    const states = await this.states.get(groups.map(([id]) => id));
    for (const [i, [id, works]] of groups.entries()) {
      if (bytes > MAX_FLUSH_BYTES) {
        const rest = { commands: groups.slice(i).flatMap(([, left]) => left), starts: batch.starts };
        return { plan: this.#withParkedPolls(plan), rest };
      }
      const drafted = await this.draftAdvance(id, works, states.get(id));
      if (drafted === null) continue;
      plan.advances.set(drafted.draft, drafted.works);
      bytes += size(drafted.draft);
    }
    for (const [i, work] of batch.starts.entries()) {
      if (bytes > MAX_FLUSH_BYTES) {
        return { plan: this.#withParkedPolls(plan), rest: { starts: batch.starts.slice(i) } };
      }
      const drafted = await this.#draftStart(work).catch(work.reject);
      if (drafted == null) continue;
      plan.starts.set(drafted, work);
      bytes += size(drafted);
    }
    return { plan: this.#withParkedPolls(plan), rest: {} };
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
      if (!(error instanceof Undecidable)) throw error;
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
