/** Starts an execution: committed before it answers, and only once for one key. */
import { executionHead, startedBefore } from "@/db/queries/executions-by-ref";
import type { ExecutionStarted, StartExecution } from "@/lib/contract/executions";
import { encodeId, keyTime } from "@/lib/contract/ids";
import { isStorable } from "@/lib/contract/json";
import { toInstant } from "@/lib/core/time";
import type { Caller } from "./caller";
import { reachesExecution } from "./execution-ref";
import type { PayloadLimit, StartLimit } from "./limits/limits";
import { startWithin } from "./limits/start-within";
import { done, type Outcome, refused } from "./outcome";
import { prepareStart, requestHash } from "./prepare-start";
import type { Services } from "./services";

export type StartServices = Pick<Services, "clock" | "db" | "door" | "graphs"> & {
  limits?: PayloadLimit & StartLimit;
};
export type Started = { started: ExecutionStarted; existed: boolean };

/**
 * The same request with the same `key` or idempotency key answers the first execution (`existed`), even where it could not
 * be started today; with another request it is refused as IDEMPOTENCY_CONFLICT.
 */
export async function startExecution(
  services: StartServices,
  caller: Caller,
  request: StartExecution,
  idempotencyKey: string | null = null,
): Promise<Outcome<Started>> {
  const prepared = await prepareStart(services, caller, request, idempotencyKey);
  const applied = prepared.ok ? await startWithin(services, prepared.value) : prepared;
  if ("ok" in applied) return (await earlierStart(services, caller, request, idempotencyKey)) ?? applied;
  if (applied.outcome === "exists") return startedEarlier(services, caller, applied.executionId, applied.sameRequest);
  return done({ started: describeStart(applied.executionId, applied.state), existed: false });
}

/** What a request that is refused today started before; null where it has no key, or is the first with it. */
export async function earlierStart(
  services: StartServices,
  caller: Caller,
  request: StartExecution,
  idempotencyKey: string | null,
): Promise<Outcome<Started> | null> {
  const { key = null } = request;
  return startedWith(services, caller, { key, idempotencyKey, requestHash: requestHash(request) });
}

/** What the first request with one of these keys began; null where there was none. */
export async function startedWith(
  services: Pick<Services, "db">,
  caller: Caller,
  { key, idempotencyKey, requestHash }: { key: string | null; idempotencyKey: string | null; requestHash: string },
): Promise<Outcome<Started> | null> {
  if ((key === null && idempotencyKey === null) || !isStorable([key, idempotencyKey])) return null;
  const before = await startedBefore(services.db, caller.namespaceId, key, idempotencyKey);
  if (before === null || !(await reachesExecution(services, caller, before.id))) return null;
  return startedEarlier(services, caller, before.id, before.requestHash === requestHash);
}

/** Answers a repeated request with what the first one began. */
export async function startedEarlier(
  { db }: Pick<Services, "db">,
  { namespaceId }: Caller,
  id: bigint,
  sameRequest: boolean,
): Promise<Outcome<Started>> {
  if (!sameRequest) return refused("IDEMPOTENCY_CONFLICT");
  const row = await executionHead(db, namespaceId, id);
  if (row === null) throw new Error(`execution ${id} vanished while its start was repeated`);
  const { startAt, startedAt, ...head } = row;
  const times = { startAt: startAt?.getTime() ?? null, startedAt: startedAt?.getTime() ?? null };
  return done({ started: describeStart(id, { ...head, ...times }), existed: true });
}

type Described = Pick<ExecutionStarted, "key" | "workflow" | "version" | "status"> & {
  startAt: number | null;
  startedAt: number | null;
};

export function describeStart(
  id: bigint,
  { key, workflow, version, status, startAt, startedAt }: Described,
): ExecutionStarted {
  return {
    id: encodeId("execution", id),
    key,
    workflow,
    version,
    status,
    createdAt: toInstant(keyTime(id)),
    startAt: startAt === null ? null : toInstant(startAt),
    startedAt: startedAt === null ? null : toInstant(startedAt),
  };
}
