/** The one door, as the rest of the engine sees it: commands in, replies out, each after its commit. */

import type { ReadyKind } from "@/db/stores/task-leases";
import type { ChangedRoom } from "@/lib/contract/changes";
import type { Actor } from "@/lib/contract/history";
import type { Task } from "@/lib/contract/workers";
import type { Command, Reply } from "@/lib/core/execution/commands";
import type { ExecutionState } from "@/lib/core/execution/state";
import type { Difference } from "../compare-projections";
import type { MessageKey } from "../messages/message";

export interface Target {
  namespaceId: number;
  executionId: bigint;
}

export interface Submission extends Target {
  command: Exclude<Command, { type: "start" | "fork" }>;
  actor: Actor;
  /**
   * The command holds only while the task's row carries this secret (null: while nobody has leased it), judged by the row
   * in the very flush. If it does not, a result is decided again as a rejected one, and an expiry is dropped as `stale`.
   */
  guard?: { taskId: bigint; secret: bigint | null };
  /** Its effect is taken in the flush that takes the message out; where that is gone, the command is a `duplicate`. */
  message?: MessageKey;
}

/** `not-found`: no such execution in that namespace. `quarantined`: its history cannot be folded or decided on. */
export type Applied = {
  reply: Reply | "not-found" | "quarantined";
  /** After the command, as committed; null where there is no execution. */
  state: ExecutionState | null;
};

export interface StartSubmission {
  namespaceId: number;
  actor: Actor;
  workflowId: number;
  version: number;
  command: Extract<Command, { type: "start" }>;
  idempotencyKey: string | null;
  /** SHA-256 of the canonical request, in hex; null where neither a key nor an idempotency key was given. */
  requestHash: string | null;
  /** Of a child, whose id its parent's history names already. Default: a new one. */
  executionId?: bigint;
  /** See {@link Submission.message}; where it is gone, the execution `exists`. */
  message?: MessageKey;
}

export type StartApplied =
  | { outcome: "started"; executionId: bigint; state: ExecutionState }
  | { outcome: "exists"; executionId: bigint; sameRequest: boolean };

/**
 * A new execution whose history begins with a copy of another's, up to the end of the command that wrote event `at`, or, if
 * that command closed it, to the end of the one before. Its key is not copied, nor is who started it.
 */
export interface ForkSubmission
  extends Pick<StartSubmission, "namespaceId" | "actor" | "idempotencyKey" | "requestHash"> {
  source: bigint;
  /** Past the end it is the end. */
  at: number;
  /** `at` and `source` are put in as the copy turns out. */
  command: Omit<Extract<Command, { type: "fork" }>, "source" | "at">;
}

/**
 * Refused: `not-found`, `quarantined` (the source does not fold), `closed` (its first command closed it: there is nothing to
 * go on from), `too-large` (more than {@link MAX_FORK_EVENTS} events, or {@link MAX_FORK_BYTES}), or what the core replies.
 */
export type ForkApplied = StartApplied | ({ outcome: "refused" } & Applied);

/** Copied in one transaction of at most about a second. */
export const MAX_FORK_EVENTS = 50_000;
/** Of events and large values together. */
export const MAX_FORK_BYTES = 64 * 1024 * 1024;

/** What became of an execution in quarantine. `inconsistent`: what is stored does not follow from its history. */
export type Lifted =
  | { outcome: "lifted"; state: ExecutionState }
  | { outcome: "not-found" | "not-quarantined" | "busy" }
  | { outcome: "inconsistent"; differences: Difference[] };

/**
 * A poll that wants tasks. `fill` is called once for each time the request was in a flush, in the same turn in which its
 * outcome is known: with no tasks it may park itself there and miss nothing. `fail`: the flush did not commit.
 */
export interface LeaseRequest {
  workerId: bigint;
  namespaceId: number;
  requestId: string | null;
  capacity: number;
  fill(tasks: Task[]): void;
  fail(error: unknown): void;
}

export interface Door {
  /** Applies a command; answers after the commit. Throws OutcomeUnknown, Busy, or a bug. */
  apply(submission: Submission): Promise<Applied>;
  /** Several commands that arrived together, in order; `lease` is filled in the flush that takes them. */
  applyAll(submissions: Submission[], lease?: LeaseRequest): Promise<PromiseSettledResult<Applied>[]>;
  start(submission: StartSubmission): Promise<StartApplied>;
  fork(submission: ForkSubmission): Promise<ForkApplied>;
  /** Folds an execution in quarantine anew and, if all that is stored follows from that, lets it go on. Writes no event. */
  lift(target: Target): Promise<Lifted>;
  lease(request: LeaseRequest): void;
  /** The folded state, fresh from the row's sequence on; null where there is no such execution. */
  state(target: Target): Promise<ExecutionState | null>;
}

/** Who waits for tasks; the door asks it which parked polls a flush could serve. */
export interface ParkedPolls {
  /** Takes out of the park every poll that could be given one of these ready tasks; each comes back through `fill` or `fail`. */
  claim(ready: readonly ReadyKind[]): LeaseRequest[];
}

/** What a committed flush changed; ids only, a hint to look. */
export interface Announcement {
  executions: { id: bigint; sequence: number; closed: boolean }[];
  queues: { namespaceId: number; queue: string }[];
  changes: NamespaceChange[];
}

/** Which rooms of a namespace have something new for those who look at it. */
export interface NamespaceChange {
  namespaceId: number;
  rooms: readonly ChangedRoom[];
}

/** A connection was lost while a commit was under way: it may or may not have happened. Answered 503 OUTCOME_UNKNOWN. */
export class OutcomeUnknown extends Error {
  override name = "OutcomeUnknown";
}

/** The execution's row was held by somebody else for too long. Answered 503 BUSY; nothing happened. */
export class Busy extends Error {
  override name = "Busy";
}
