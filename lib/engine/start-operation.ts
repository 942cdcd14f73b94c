/** Asks for one action on many executions or dead letters: written down before it answers, done in the background. */
import { createHash } from "node:crypto";
import { insertOperation, type NewOperation } from "@/db/stores/operations";
import type { BulkDeadLetters } from "@/lib/contract/dead-letters";
import { decodeId, encodeId, ID_PREFIXES } from "@/lib/contract/ids";
import { canonicalJson } from "@/lib/contract/json";
import type { OperationStarted, StartOperation } from "@/lib/contract/operations";
import type { Caller } from "./caller";
import { unfit } from "./leasing/payload-fit";
import type { PayloadLimit } from "./limits/limits";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

type OperationServices = Pick<Services, "clock" | "db" | "keys"> & { limits?: PayloadLimit };

/** The same request again with the same idempotency key answers the first operation; another one is a conflict. */
export async function startOperation(
  services: OperationServices,
  caller: Caller,
  request: StartOperation,
  idempotencyKey?: string,
): Promise<Outcome<OperationStarted>> {
  const { action, filter, ids, ...command } = request;
  const limit = services.limits?.payloadBytes(caller.namespaceId);
  const problem =
    unfit("payload" in command ? command.payload : null, limit) ?? unfit({ ...command, payload: null, filter });
  if (problem !== null) return refused(problem.code, problem.message);
  const named = ids === undefined ? done(null) : keysOf("execution", ids);
  if (!named.ok) return named;
  return writeOperation(services, caller, { action, command, filter, ids: named.value }, idempotencyKey);
}

/** The same on dead letters. */
export async function startDeadLetterOperation(
  services: OperationServices,
  caller: Caller,
  { action, filter, ids, ...command }: BulkDeadLetters,
  idempotencyKey?: string,
): Promise<Outcome<OperationStarted>> {
  const problem = unfit({ filter, command });
  if (problem !== null) return refused(problem.code, problem.message);
  const named = ids === undefined ? done(null) : keysOf("deadLetter", ids);
  if (!named.ok) return named;
  const asked = { action: `${action}-dead-letters`, command, filter, ids: named.value };
  return writeOperation(services, caller, asked, idempotencyKey);
}

interface Asked {
  action: string;
  command: object;
  filter: object | undefined;
  /** Null where the filter selects. */
  ids: readonly bigint[] | null;
}

async function writeOperation(
  services: OperationServices,
  { namespaceId, actor }: Caller,
  { action, command, filter, ids }: Asked,
  idempotencyKey: string | undefined,
): Promise<Outcome<OperationStarted>> {
  const request = canonicalJson({ action, command, filter, ids: ids?.map(String) });
  const operation: NewOperation = {
    id: services.keys.next(),
    namespaceId,
    action,
    command: JSON.stringify(command),
    filter: filter === undefined ? null : JSON.stringify(filter),
    ids,
    actor,
    idempotencyKey: idempotencyKey ?? null,
    requestHash: idempotencyKey === undefined ? null : sha256(request),
    createdAt: new Date(services.clock.now()),
  };
  const before = await insertOperation(services.db, operation);
  if (before !== null && before.requestHash !== operation.requestHash) return refused("IDEMPOTENCY_CONFLICT");
  return done({ operationId: encodeId("operation", before?.id ?? operation.id) });
}

/** Each once. What could be no such id is said now, for later nobody looks. */
function keysOf(kind: "execution" | "deadLetter", ids: readonly string[]): Outcome<bigint[]> {
  const keys = ids.map((id) => decodeId(kind, id));
  const errors = keys.flatMap((key, i) =>
    key === null
      ? [{ path: `/ids/${i}`, code: "INVALID_ID", message: `begins with ${ID_PREFIXES[kind]}_ and a key` }]
      : [],
  );
  if (errors.length > 0) return refused("INVALID_REQUEST", undefined, { errors: errors.slice(0, 100) });
  return done([...new Set(keys.filter((key) => key !== null))]);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
