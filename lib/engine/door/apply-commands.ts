/**
 * The one door: the only code that appends to a history. Nothing is acknowledged before its commit, and every row that
 * follows from an event is written in that event's transaction.
 */
import { payloadsOf } from "@/db/sealed-payloads";
import { type FlushAnswer, flush } from "@/db/stores/flush";
import { readHeartbeatDetails } from "@/db/stores/heartbeat-details";
import { encodeId } from "@/lib/contract/ids";
import { HISTORY_EVENTS_MAX } from "@/lib/contract/limits";
import { hibernates } from "@/lib/core/execution/hibernates";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { toInstant } from "@/lib/core/time";
import { messageName } from "../messages/message";
import { openTasks } from "../open-tasks";
import { NoSlot } from "../process/keys";
import { copyHistory } from "./copy-history";
import type { DoorDependencies } from "./dependencies";
import {
  type Applied,
  Busy,
  type Door,
  type ForkApplied,
  type ForkSubmission,
  type LeaseRequest,
  type Lifted,
  OutcomeUnknown,
  type StartApplied,
  type StartSubmission,
  type Submission,
  type Target,
} from "./door";
import type { Draft } from "./draft";
import { EventStore } from "./event-store";
import { fillLeases } from "./fill-leases";
import { flushFailure } from "./flush-errors";
import { announcement, flushRows, readyTasks } from "./flush-rows";
import { applied, type Batch, type CommandWork, Lane, type StartWork } from "./lane";
import { lift } from "./lift";
import { countFlush } from "./metrics-of-flush";
import { type Plan, Planner, startRows } from "./plan";
import { quarantine } from "./quarantine";
import { dueSnapshot } from "./snapshots";
import { writeSolo } from "./solo";
import { States } from "./states";
import { traceFlush } from "./trace-flush";

/** After so many misses an execution leaves the lane and is written under a lock. */
const MAX_MISSES = 3;

export function createDoor(deps: DoorDependencies): Door & { close(): Promise<void> } {
  return new OneDoor(deps);
}

class OneDoor implements Door {
  readonly #lane = new Lane((batch) => this.#commit(batch));
  readonly #states: States;
  readonly #planner: Planner;
  /** Executions that are being written under a lock, with the commands that came meanwhile. */
  readonly #solo = new Map<bigint, CommandWork[]>();
  readonly #background = new Set<Promise<unknown>>();

  constructor(readonly deps: DoorDependencies) {
    this.#states = new States(new EventStore(deps.readPool, deps.graphs));
    this.#planner = new Planner(deps, this.#states);
  }

  async apply(submission: Submission): Promise<Applied> {
    return new Promise((resolve, reject) => {
      this.#lane.add({ commands: [{ submission, tokenDead: false, misses: 0, resolve, reject }] });
    });
  }

  async applyAll(submissions: Submission[], lease?: LeaseRequest): Promise<PromiseSettledResult<Applied>[]> {
    const answers = submissions.map(
      (submission) =>
        new Promise<Applied>((resolve, reject) => {
          this.#lane.add({ commands: [{ submission, tokenDead: false, misses: 0, resolve, reject }] });
        }),
    );
    if (lease !== undefined) this.#lane.add({ leases: [lease] });
    return Promise.allSettled(answers);
  }

  async start({ workflowId, version, ...submission }: StartSubmission): Promise<StartApplied> {
    const { executionId = this.deps.nextKey() } = submission;
    const applied = await this.#begin({ ...submission, executionId, begin: { workflowId, version } });
    if (applied.outcome === "refused") throw new Error(`a start was refused as ${applied.reply}`);
    return applied;
  }

  async fork(submission: ForkSubmission): Promise<ForkApplied> {
    const { deps } = this;
    const executionId = deps.nextKey();
    const begin = await copyHistory(deps.readPool, deps.graphs, submission, executionId);
    if (typeof begin === "string") return { outcome: "refused", reply: begin, state: null };
    const source = encodeId("execution", submission.source);
    const command = { ...submission.command, source, at: begin.folded.state.sequence };
    return this.#begin({ ...submission, executionId, begin, command });
  }

  #begin(work: Omit<StartWork, "resolve" | "reject">): Promise<ForkApplied> {
    return new Promise((resolve, reject) => {
      this.#lane.add({ starts: [{ ...work, resolve, reject }] });
    });
  }

  async lift(target: Target): Promise<Lifted> {
    const lifted = await lift(this.deps, this.#states, target);
    if (lifted.outcome === "lifted") {
      const { namespaceId } = target;
      const ready = openTasks(lifted.state).map(({ queue, task }) => ({ namespaceId, queue, task }));
      this.#lane.add({ leases: this.deps.parked.claim(ready) });
    }
    return lifted;
  }

  lease(request: LeaseRequest): void {
    this.#lane.add({ leases: [request] });
  }

  async state(target: Target): Promise<ExecutionState | null> {
    const { store } = this.#states;
    const held = this.#states.cached(target.executionId);
    if (held !== undefined && held.namespaceId !== target.namespaceId) return null;
    const fresh =
      held === undefined ? (await store.load([target.executionId])).get(target.executionId) : await store.refresh(held);
    if (fresh instanceof Error) throw fresh;
    if (fresh === undefined || fresh === null || fresh.namespaceId !== target.namespaceId) return null;
    this.#states.keep(fresh);
    return fresh.status === "quarantined" ? { ...fresh.state, status: "quarantined" } : fresh.state;
  }

  /** After everything that was submitted has been answered. */
  async close(): Promise<void> {
    await this.#lane.drained();
    await Promise.allSettled(this.#background);
  }

  async #commit(batch: Batch): Promise<void> {
    try {
      const { plan, rest } = await this.#planner.plan({ ...batch, commands: this.#passOnToSolo(batch.commands) });
      this.#lane.putBack(rest);
      if (plan.advances.size + plan.starts.size + plan.leases.length > 0) await this.#write(plan);
    } catch (error) {
      // The database could not be read: nothing of this batch was written, but callers need not tell that apart.
      const told = flushFailure(error) === "unknown" && !(error instanceof NoSlot);
      this.#failAll(
        batch.commands,
        batch.starts,
        batch.leases,
        told ? new OutcomeUnknown("unreachable", { cause: error }) : error,
      );
    }
  }

  /** Leaves out the commands of executions that are being written under a lock; they are queued again after it. */
  #passOnToSolo(commands: readonly CommandWork[]): CommandWork[] {
    return commands.filter((work) => {
      const waiting = this.#solo.get(work.submission.executionId);
      waiting?.push(work);
      return waiting === undefined;
    });
  }

  async #write(plan: Plan): Promise<void> {
    const { deps } = this;
    const advances = [...plan.advances.keys()];
    const startedAt = performance.now();
    let answer: FlushAnswer;
    try {
      await deps.faults.reach("flush:before");
      await payloadsOf(deps.flushPool).prepare(namespacesOf([...plan.starts.keys(), ...advances]));
      const client = await deps.flushPool.connect();
      let broken = true;
      try {
        const rows = flushRows(startRows(plan), advances, plan.leases, this.#origin());
        answer = await flush(client, toInstant(deps.clock.now()), deps.leaseMs, rows);
        broken = false;
      } catch (error) {
        broken = flushFailure(error) === "unknown";
        throw error;
      } finally {
        client.release(broken);
      }
      await deps.faults.reach("flush:committed");
    } catch (error) {
      return this.#notWritten(plan, error);
    }
    this.#settle(plan, answer, performance.now() - startedAt);
    await deps.faults.reach("flush:answered");
  }

  #origin(): Parameters<typeof flushRows>[3] {
    const { slot, nextKey, faults, signer } = this.deps;
    const payloads = payloadsOf(this.deps.flushPool);
    return { slot: slot(), newKey: nextKey, fault: faults.inTransaction(), payloads, signer };
  }

  /** Takes in what was committed, answers it, and sends back what has to be decided again. */
  #settle(plan: Plan, answer: FlushAnswer, durationMs: number): void {
    const { deps } = this;
    const moved = new Set(answer.moved);
    const dead = new Set(answer.dead.map(([id, gone]) => `${id} ${gone}`));
    const withDead = new Set(answer.dead.map(([id]) => id));
    const conflicts = new Map(answer.conflicts.map((conflict) => [conflict.id, conflict]));
    const written: Draft[] = [];
    for (const [draft, works] of plan.advances) {
      const id = String(draft.after.id);
      if (moved.has(id)) this.#missed(draft.after.id, works);
      else if (withDead.has(id)) this.#guardsFailed(draft.after.id, works, dead);
      else {
        this.#take(draft);
        written.push(draft);
        works.forEach((work, i) => {
          work.resolve(applied(draft, i));
        });
      }
    }
    for (const [draft, work] of plan.starts) {
      const id = String(draft.after.id);
      const conflict = conflicts.get(id);
      if (withDead.has(id)) work.resolve({ outcome: "exists", executionId: draft.after.id, sameRequest: true });
      else if (conflict === undefined) {
        this.#take(draft);
        written.push(draft);
        work.resolve({ outcome: "started", executionId: draft.after.id, state: draft.after.state });
      } else if (conflict.existing === null) this.#lane.putBack({ starts: [work] });
      else
        work.resolve({
          outcome: "exists",
          executionId: BigInt(conflict.existing),
          sameRequest: conflict.hash !== null && conflict.hash === work.requestHash,
        });
    }
    fillLeases(plan.leases, answer.leases, {
      cached: (id) => this.#states.cached(id),
      load: (ids) => this.#states.load(ids),
      values: (id, hashes) => this.#states.values(id, hashes),
      details: (steps) => readHeartbeatDetails(deps.readPool, steps),
    });
    this.#offer(answer.admitted);
    deps.announce(
      announcement(
        written.filter((draft) => draft.events.length > 0),
        plan.starts,
      ),
    );
    countFlush(deps.metrics, written, answer, durationMs);
    if (deps.traces != null) traceFlush(deps.traces, written);
  }

  /** Which tasks others had kept back only the database knows: polls that could have them ask in the next flush. */
  #offer(admitted: FlushAnswer["admitted"]): void {
    if (admitted.length > 0) this.#lane.add({ leases: this.deps.parked.claim(admitted) });
  }

  #take({ after, values, wake, followUps }: Draft): void {
    const { folded, text } = dueSnapshot(after);
    if (hibernates(folded.state, this.deps.clock.now())) this.#states.forget(folded.id);
    else this.#states.keep(folded);
    for (const { hash, json } of values) this.#states.keepValue(hash, json, 2 * JSON.stringify(json).length);
    if (wake != null) this.deps.onWakeArmed(wake);
    if (followUps.messages.length > 0) this.deps.onMessagesSent();
    if (text !== null) this.#inBackground("snapshot", after.id, this.#states.store.writeSnapshot(folded, text));
    this.#endTooLong(after);
  }

  /**
   * A history that has reached its namespace's limit ends with the next flush. Asked again by whatever comes before that, it
   * is refused as closed; lost with this process, it is asked by whatever comes next.
   */
  #endTooLong({ id, namespaceId, state }: Draft["after"]): void {
    const limit = this.deps.historyEvents?.(namespaceId) ?? HISTORY_EVENTS_MAX;
    if (state.sequence < limit || isClosed(state)) return;
    const reason = `HISTORY_LIMIT: the history has reached ${limit} events.`;
    const command = { type: "terminate", reason } as const;
    const ended = this.apply({ namespaceId, executionId: id, actor: "engine", command });
    this.#inBackground("history limit", id, ended);
  }

  /** The row was busy or had moved on: decide again on what it says now; the third time, alone and under a lock. */
  #missed(id: bigint, works: readonly CommandWork[]): void {
    this.deps.metrics.flushTroubled("conflict");
    this.#states.markBehind(id);
    for (const work of works) work.misses++;
    if (works.some((work) => work.misses >= MAX_MISSES)) this.#goSolo(id, [...works]);
    else this.#lane.putBack({ commands: [...works] });
  }

  /** Tokens that are dead by now, messages that are gone: what they were for is decided again as such, or not at all. */
  #guardsFailed(id: bigint, works: readonly CommandWork[], dead: ReadonlySet<string>): void {
    const again = works.filter((work) => {
      const { guard, message } = work.submission;
      if (guard !== undefined && dead.has(`${id} ${guard.taskId}`)) work.tokenDead = true;
      if (message === undefined || !dead.has(`${id} ${messageName(message)}`)) return true;
      work.resolve({ reply: "duplicate", state: null });
      return false;
    });
    this.#lane.putBack({ commands: again });
  }

  #goSolo(id: bigint, works: CommandWork[]): void {
    this.#solo.set(id, []);
    const run = async () => {
      let live: CommandWork[] = [];
      try {
        await writeSolo({
          pool: this.deps.flushPool,
          states: this.#states,
          id,
          draft: async (folded) => {
            const drafted = await this.#planner.draftAdvance(id, works, folded);
            live = drafted?.works ?? [];
            if (drafted !== null) await payloadsOf(this.deps.flushPool).prepare(namespacesOf([drafted.draft]));
            return drafted?.draft ?? null;
          },
          rows: (draft) => flushRows(new Map(), [draft], [], this.#origin()),
          now: () => toInstant(this.deps.clock.now()),
          leaseMs: this.deps.leaseMs,
          settle: (draft, answer) => {
            this.#settle({ advances: new Map([[draft, live]]), starts: new Map(), leases: [] }, answer, 0);
            // Its transaction leases to nobody: polls that could have its tasks ask in the next flush.
            this.#lane.add({ leases: this.deps.parked.claim(readyTasks([draft])) });
          },
        });
      } catch (error) {
        this.#states.forget(id);
        const failure = flushFailure(error);
        if (failure === "refused") await quarantine(this.deps, this.#states, id, works, error);
        else for (const work of works) work.reject(failure === "collided" ? new Busy() : new OutcomeUnknown());
      } finally {
        const waiting = this.#solo.get(id) ?? [];
        this.#solo.delete(id);
        if (waiting.length > 0) this.#lane.add({ commands: waiting });
      }
    };
    this.#inBackground("solo", id, run());
  }

  async #notWritten(plan: Plan, error: unknown): Promise<void> {
    const { metrics } = this.deps;
    const commands = [...plan.advances.values()].flat();
    const starts = [...plan.starts.values()];
    for (const { after } of plan.advances.keys()) this.#states.forget(after.id);
    switch (flushFailure(error)) {
      case "unknown":
        metrics.flushTroubled("unknown");
        this.deps.onTrouble({ what: "a flush's outcome is unknown", error });
        return this.#failAll(commands, starts, plan.leases, new OutcomeUnknown("connection lost", { cause: error }));
      case "collided": {
        metrics.flushTroubled("conflict");
        for (const [{ after }, works] of plan.advances) this.#missed(after.id, works);
        return this.#lane.putBack({ starts, leases: plan.leases });
      }
      case "refused":
        metrics.flushTroubled("split");
        return this.#split(plan, error);
    }
  }

  /** Writes the halves by themselves until what SQL refuses is alone. */
  async #split(plan: Plan, error: unknown): Promise<void> {
    const advances = [...plan.advances];
    const starts = [...plan.starts];
    const count = advances.length + starts.length;
    if (count === 0) return this.#failAll([], [], plan.leases, error);
    if (count === 1 && plan.leases.length === 0) {
      this.deps.metrics.flushTroubled("failed");
      for (const [, work] of starts) work.reject(error);
      for (const [{ after }, works] of advances) await quarantine(this.deps, this.#states, after.id, works, error);
      return;
    }
    const middle = Math.ceil(count / 2);
    const half = (from: number, to: number, leases: LeaseRequest[]): Plan => ({
      advances: new Map(advances.slice(from, to)),
      starts: new Map(starts.slice(Math.max(0, from - advances.length), Math.max(0, to - advances.length))),
      leases,
    });
    await this.#write(half(0, middle, []));
    if (count > middle || plan.leases.length > 0) await this.#write(half(middle, count, plan.leases));
  }

  #failAll(
    commands: readonly CommandWork[],
    starts: readonly StartWork[],
    leases: readonly LeaseRequest[],
    error: unknown,
  ): void {
    for (const work of [...commands, ...starts]) work.reject(error);
    for (const request of leases) request.fail(error);
  }

  #inBackground(what: string, id: bigint, work: Promise<unknown>): void {
    const settled = work.catch((error) => this.deps.onTrouble({ what, executionId: encodeId("execution", id), error }));
    this.#background.add(settled);
    settled.finally(() => this.#background.delete(settled));
  }
}

function namespacesOf(drafts: readonly Draft[]): Set<number> {
  return new Set(drafts.map(({ after }) => after.namespaceId));
}
