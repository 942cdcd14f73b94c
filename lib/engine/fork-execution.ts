/** Begins a new execution with a copy of another's history, and lets it go on from there. */
import { createHash } from "node:crypto";
import { executionHead } from "@/db/queries/executions-by-ref";
import type { ForkExecution } from "@/lib/contract/controls";
import { canonicalJson } from "@/lib/contract/json";
import type { Caller } from "./caller";
import { type Applied, type ForkSubmission, MAX_FORK_BYTES, MAX_FORK_EVENTS } from "./door/door";
import { findExecution } from "./execution-ref";
import { inputErrors } from "./input-schema";
import { unfit } from "./leasing/payload-fit";
import type { PayloadLimit, StartLimit } from "./limits/limits";
import { opening } from "./limits/start-within";
import { done, type Outcome, type Refusal, refused } from "./outcome";
import { refusalOf } from "./refusals";
import type { Services } from "./services";
import { describeStart, type Started, startedEarlier, startedWith } from "./start-execution";

export type ForkServices = Pick<Services, "db" | "door" | "graphs"> & { limits?: PayloadLimit & StartLimit };

/** The same request again with the same idempotency key answers the first fork (`existed`); another one is a conflict. */
export async function forkExecution(
  services: ForkServices,
  caller: Caller,
  ref: string,
  body: ForkExecution,
  idempotencyKey?: string,
): Promise<Outcome<Started>> {
  const submission = await prepareFork(services, caller, ref, body, idempotencyKey);
  const applied = submission.ok
    ? await opening(services.limits, caller.namespaceId, () => services.door.fork(submission.value))
    : submission;
  if ("ok" in applied) return (await earlierFork(services, caller, ref, body, idempotencyKey)) ?? applied;
  switch (applied.outcome) {
    case "started":
      return done({ started: describeStart(applied.executionId, applied.state), existed: false });
    case "exists":
      return startedEarlier(services, caller, applied.executionId, applied.sameRequest);
    case "refused":
      return forkRefusal(applied, body.at);
  }
}

/** What a fork may not be, as it is told of a fork. */
export function forkRefusal(applied: Applied, at: number): Refusal {
  const { reply } = applied;
  if (reply === "closed") return refused("EXECUTION_CLOSED", `There is nothing before event ${at} to go on from.`);
  if (reply === "too-large")
    return refused("PAYLOAD_TOO_LARGE", `A fork copies ${MAX_FORK_EVENTS} events or ${MAX_FORK_BYTES} bytes at most.`);
  return refusalOf(applied) ?? refused("INTERNAL");
}

/** A fork that could not be made today may have been made by the same request before. */
async function earlierFork(
  services: ForkServices,
  caller: Caller,
  ref: string,
  body: ForkExecution,
  idempotencyKey: string | undefined,
): Promise<Outcome<Started> | null> {
  if (idempotencyKey === undefined) return null;
  return startedWith(services, caller, { key: null, idempotencyKey, requestHash: requestHash(ref, body) });
}

/** What the door is asked, once everything that can be judged without the history has been. */
export async function prepareFork(
  { db, graphs, limits }: Pick<Services, "db" | "graphs"> & { limits?: PayloadLimit },
  caller: Caller,
  ref: string,
  body: ForkExecution,
  idempotencyKey?: string,
): Promise<Outcome<ForkSubmission>> {
  const { at, version, input, overrides, reason } = body;
  const limit = limits?.payloadBytes(caller.namespaceId);
  const problem = unfit(input ?? null, limit) ?? unfit({ overrides, reason }, limit);
  if (problem !== null) return refused(problem.code, problem.message);
  const target = await findExecution({ db }, caller, ref);
  if (!target.ok) return target;
  const { namespaceId, executionId } = target.value;
  const head = await executionHead(db, namespaceId, executionId);
  if (head === null) return refused("EXECUTION_NOT_FOUND");
  if (at > head.sequence) return refused("INVALID_REQUEST", undefined, { errors: [beyond(head.sequence)] });
  const published = await graphs.find(namespaceId, head.workflow, version ?? head.version);
  if (published === null)
    return refused("WORKFLOW_NOT_FOUND", `There is no version ${version ?? head.version} of ${head.workflow}.`);
  const errors = input === undefined ? [] : inputErrors(published.definition, input);
  if (errors.length > 0) return refused("INVALID_INPUT", undefined, { errors });
  return done({
    namespaceId,
    actor: caller.actor,
    source: executionId,
    at,
    command: {
      type: "fork",
      version: published.version,
      hash: published.hash,
      input,
      overrides,
      reason,
      trace: caller.trace,
    },
    idempotencyKey: idempotencyKey ?? null,
    requestHash: idempotencyKey === undefined ? null : requestHash(ref, body),
  });
}

function beyond(sequence: number) {
  return { path: "/at", code: "BEYOND_THE_END", message: `must be at most ${sequence}, where the history ends` };
}

function requestHash(ref: string, body: ForkExecution): string {
  return createHash("sha256")
    .update(canonicalJson({ fork: ref, ...body }))
    .digest("hex");
}
