/**
 * What one flush is going to write: drafts of executions decided on the states at hand, bounded in bytes, and the polls that
 * could be given the tasks they make ready. Nothing is written here; a plan that is not written is thrown away.
 */
import { encodeId } from "@/lib/contract/ids";
import type { DecideEnv } from "@/lib/core/execution/commands";
import { initialState } from "@/lib/core/execution/initial-state";
import { NoSlot } from "../process/keys";
import type { DoorDependencies } from "./dependencies";
import type { LeaseRequest } from "./door";
import { type Draft, type DraftInput, draft } from "./draft";
import { type Folded, UnfoldableHistory } from "./event-store";
import type { StartRow } from "./flush-rows";
import { firstHead } from "./hash-chain";
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
      if (drafted === undefined) continue;
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
      else if (work.tokenDead && work.submission.command.type === "expire-task")
        work.resolve({ reply: "stale", state: folded.state });
      else live.push(work);
    }
    if (folded === undefined || live.length === 0) return null;
    try {
      return { draft: await this.#decide(folded, (env) => live.map((work) => draftInput(work, env))), works: live };
    } catch (error) {
      if (!(error instanceof Undecidable)) throw error;
      await quarantine(this.deps, this.states, id, live, error);
      return null;
    }
  }

  async #draftStart({ submission, executionId }: StartWork): Promise<Draft> {
    const { namespaceId, workflowId, version, command, actor } = submission;
    const state = initialState(await this.deps.graphs.load(namespaceId, workflowId, version));
    const before: Folded = {
      id: executionId,
      namespaceId,
      workflowId,
      status: state.status,
      state,
      head: firstHead(executionId),
      nextWakeAt: null,
      size: 2048,
    };
    return this.#decide(before, (env) => [{ command, env: { ...env, actor } }]);
  }

  /** Decides, loading large values for as long as deciding asks for more of them. */
  async #decide(before: Folded, inputs: (env: Omit<DecideEnv, "sha256" | "actor">) => DraftInput[]): Promise<Draft> {
    let values: Awaited<ReturnType<States["values"]>> = new Map();
    for (;;) {
      const env = {
        now: this.deps.clock.now(),
        random: this.deps.random,
        executionId: encodeId("execution", before.id),
        newTaskId: () => encodeId("task", this.deps.nextKey()),
        values,
      };
      const outcome = decided(before, inputs(env));
      if (!("needs" in outcome)) return outcome;
      const loaded = await this.states.values(before.id, [...values.keys(), ...outcome.needs]);
      if (loaded.size <= values.size) throw new Undecidable("a large value of this history is missing");
      values = loaded;
    }
  }
}

/** Deciding threw: a bug of ours, met by this execution alone, so it must not stop the others of its flush. */
class Undecidable extends Error {
  override name = "Undecidable";
}

function decided(before: Folded, inputs: readonly DraftInput[]): ReturnType<typeof draft> {
  try {
    return draft(before, inputs);
  } catch (error) {
    if (error instanceof NoSlot) throw error;
    throw new Undecidable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export function readyTasks(drafts: readonly Draft[]): { namespaceId: number; queue: string; task: string }[] {
  return drafts.flatMap(({ before, dispatches }) =>
    dispatches.map(({ queue, task }) => ({ namespaceId: before.namespaceId, queue, task })),
  );
}

/** What starts write beside their drafts. */
export function startRows(plan: Plan): Map<Draft, StartRow> {
  return new Map(
    [...plan.starts].map(([draft, { submission }]) => [
      draft,
      {
        key: submission.command.key ?? null,
        idempotencyKey: submission.idempotencyKey,
        requestHash: submission.requestHash,
      },
    ]),
  );
}

function size(draft: Draft): number {
  return draft.after.size - draft.before.size + 256;
}
