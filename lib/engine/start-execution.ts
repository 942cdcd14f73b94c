/** Starts an execution: committed before it answers, and only once for one key. */
import { executionHead, startedBefore } from "@/db/queries/executions-by-ref";
import type { ExecutionStarted, StartExecution } from "@/lib/contract/executions";
import { encodeId, keyTime } from "@/lib/contract/ids";
import { isStorable } from "@/lib/contract/json";
import { toInstant } from "@/lib/core/time";
import type { Caller } from "./caller";
import { done, type Outcome, refused } from "./outcome";
import { prepareStart, requestHash } from "./prepare-start";
import type { Services } from "./services";

export type StartServices = Pick<Services, "db" | "door" | "graphs">;
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
  if (!prepared.ok) return (await earlierStart(services, caller, request, idempotencyKey)) ?? prepared;
  const applied = await services.door.start(prepared.value);
  if (applied.outcome === "exists") return existing(services, caller, applied.executionId, applied.sameRequest);
  return done({ started: describe(applied.executionId, applied.state), existed: false });
}

/** What a request that is refused today started before; null where it has no key, or is the first with it. */
export async function earlierStart(
  services: StartServices,
  caller: Caller,
  request: StartExecution,
  idempotencyKey: string | null,
): Promise<Outcome<Started> | null> {
  const { key = null } = request;
  if ((key === null && idempotencyKey === null) || !isStorable([key, idempotencyKey])) return null;
  const before = await startedBefore(services.db, caller.namespaceId, key, idempotencyKey);
  return before && existing(services, caller, before.id, before.requestHash === requestHash(request));
}

async function existing(
  { db }: Pick<Services, "db">,
  { namespaceId }: Caller,
  id: bigint,
  sameRequest: boolean,
): Promise<Outcome<Started>> {
  if (!sameRequest) return refused("IDEMPOTENCY_CONFLICT");
  const row = await executionHead(db, namespaceId, id);
  if (row === null) throw new Error(`execution ${id} vanished while its start was repeated`);
  return done({ started: describe(id, { ...row, startedAt: row.startedAt?.getTime() ?? null }), existed: true });
}

type Described = Pick<ExecutionStarted, "key" | "workflow" | "version" | "status"> & { startedAt: number | null };

function describe(id: bigint, { key, workflow, version, status, startedAt }: Described): ExecutionStarted {
  return {
    id: encodeId("execution", id),
    key,
    workflow,
    version,
    status,
    createdAt: toInstant(keyTime(id)),
    startAt: null,
    startedAt: startedAt === null ? null : toInstant(startedAt),
  };
}
