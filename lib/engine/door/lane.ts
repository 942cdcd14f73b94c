/**
 * Group commit: what arrives while one flush is under way is the next flush. Commands are decided on cached states, so a
 * flush is one transaction in one round trip; a command whose execution turned out busy or ahead is decided again. Where more
 * waits than one flush takes, namespaces take turns: one that floods fills what the others leave.
 *
 *   queued -> decided on the cached state -> flushed -> committed: answered
 *      ^                                        |-> guard failed: read the delta, back to the front of the queue;
 *      +-----------------------------------------|   the third time, on its own, under a lock (solo)
 *                                                |-> refused by SQL: split until the culprit is alone: quarantined
 *                                                `-> outcome unknown: states dropped, callers told
 */
import type { Command } from "@/lib/core/execution/commands";
import type { Copy } from "./copy-history";
import type { SharedEnv } from "./decide-on";
import type { Applied, ForkApplied, LeaseRequest, StartSubmission, Submission } from "./door";
import type { Draft, DraftInput } from "./draft";
import { inTurns } from "./in-turns";

export interface CommandWork {
  submission: Submission;
  /** The task's row no longer carries the token: decide as rejected, not on the folded state alone. */
  tokenDead: boolean;
  misses: number;
  resolve(applied: Applied): void;
  reject(error: unknown): void;
}

export interface StartWork
  extends Pick<StartSubmission, "namespaceId" | "actor" | "idempotencyKey" | "requestHash" | "message"> {
  executionId: bigint;
  /** What its history begins with: nothing yet, or, of a fork, a copy. */
  begin: Pick<StartSubmission, "workflowId" | "version"> | Copy;
  command: Extract<Command, { type: "start" | "fork" }>;
  resolve(applied: ForkApplied): void;
  reject(error: unknown): void;
}

export interface Batch {
  commands: CommandWork[];
  starts: StartWork[];
  leases: LeaseRequest[];
}

/** More commands than this in one flush gain nothing, and hold its rows longer. */
const MAX_COMMANDS = 2_000;

/** Queues work and hands it, batch by batch and never two at once, to `commit`. */
export class Lane {
  #queue: Batch = { commands: [], starts: [], leases: [] };
  #running: Promise<void> | null = null;

  constructor(readonly commit: (batch: Batch) => Promise<void>) {}

  add(work: Partial<Batch>): void {
    this.#queue.commands.push(...(work.commands ?? []));
    this.#queue.starts.push(...(work.starts ?? []));
    this.#queue.leases.push(...(work.leases ?? []));
    this.#running ??= this.#run();
  }

  /** Work that has to be decided again goes first, so that order within an execution holds. */
  putBack(work: Partial<Batch>): void {
    this.#queue.commands.unshift(...(work.commands ?? []));
    this.#queue.starts.unshift(...(work.starts ?? []));
    this.#queue.leases.unshift(...(work.leases ?? []));
  }

  /** Resolves once nothing is queued or under way. */
  async drained(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // One turn of the event loop: whatever other requests bring in it joins this flush.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.commands.length + this.#queue.starts.length + this.#queue.leases.length > 0) {
      await this.commit(this.#take());
    }
    this.#running = null;
  }

  #take(): Batch {
    const commands = fairly(this.#queue.commands, (work) => work.submission.namespaceId);
    const starts = fairly(this.#queue.starts, (work) => work.namespaceId);
    const { leases } = this.#queue;
    const batch = { commands: commands.splice(0, MAX_COMMANDS), starts: starts.splice(0, MAX_COMMANDS), leases };
    this.#queue = { commands, starts, leases: [] };
    return batch;
  }
}

function fairly<Work>(queue: Work[], namespaceOf: (work: Work) => number): Work[] {
  return queue.length > MAX_COMMANDS ? inTurns(queue, namespaceOf) : queue;
}

/** The commands of one batch by execution, in the order in which they came. */
export function byExecution(commands: readonly CommandWork[]): Map<bigint, CommandWork[]> {
  const groups = new Map<bigint, CommandWork[]>();
  for (const work of commands) {
    const group = groups.get(work.submission.executionId);
    if (group === undefined) groups.set(work.submission.executionId, [work]);
    else group.push(work);
  }
  return groups;
}

/** How a command is decided: a result whose token turned out dead is decided as a rejected result. */
export function draftInput(work: CommandWork, env: SharedEnv): DraftInput {
  const { command, actor, guard, message } = work.submission;
  const full = { ...env, actor };
  if (!work.tokenDead) return { command, env: full, guard, message };
  switch (command.type) {
    case "complete-task":
    case "fail-task":
    case "sleep-task":
    case "approval-task":
      return {
        command: {
          type: "reject-result",
          why: "LEASE_LOST",
          step: command.step,
          taskId: command.taskId,
          lease: command.lease,
          worker: command.worker,
        },
        env: full,
      };
    default:
      return { command, env: full };
  }
}

/** What a submitter learns once its draft is committed. */
export function applied(draft: Draft, i: number): Applied {
  return { reply: draft.replies[i] ?? "accepted", state: draft.after.state };
}
