/** Asks for one action on many executions: written down before it answers, done in the background. */
import { createHash } from "node:crypto";
import { insertOperation, type NewOperation } from "@/db/stores/operations";
import { decodeId, encodeId } from "@/lib/contract/ids";
import { canonicalJson } from "@/lib/contract/json";
import type { OperationStarted, StartOperation } from "@/lib/contract/operations";
import type { Caller } from "./caller";
import { unfit } from "./leasing/payload-fit";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

/** The same request again with the same idempotency key answers the first operation; another one is a conflict. */
export async function startOperation(
  services: Pick<Services, "clock" | "db" | "keys">,
  { namespaceId, actor }: Caller,
  request: StartOperation,
  idempotencyKey?: string,
): Promise<Outcome<OperationStarted>> {
  const { action, filter, ids, ...command } = request;
  const problem = unfit("payload" in command ? command.payload : null) ?? unfit({ ...command, payload: null, filter });
  if (problem !== null) return refused(problem.code, problem.message);
  const named = ids === undefined ? done(null) : executionKeys(ids);
  if (!named.ok) return named;
  const operation: NewOperation = {
    id: services.keys.next(),
    namespaceId,
    action,
    command: JSON.stringify(command),
    filter: filter === undefined ? null : JSON.stringify(filter),
    ids: named.value,
    actor,
    idempotencyKey: idempotencyKey ?? null,
    requestHash: idempotencyKey === undefined ? null : sha256(canonicalJson(request)),
    createdAt: new Date(services.clock.now()),
  };
  const before = await insertOperation(services.db, operation);
  if (before !== null && before.requestHash !== operation.requestHash) return refused("IDEMPOTENCY_CONFLICT");
  return done({ operationId: encodeId("operation", before?.id ?? operation.id) });
}

/** Each once. What could be no execution's id is said now, for later nobody looks. */
function executionKeys(ids: readonly string[]): Outcome<bigint[]> {
  const keys = ids.map((id) => decodeId("execution", id));
  const errors = keys.flatMap((key, i) =>
    key === null ? [{ path: `/ids/${i}`, code: "INVALID_ID", message: "is not the id of an execution" }] : [],
  );
  if (errors.length > 0) return refused("INVALID_REQUEST", undefined, { errors: errors.slice(0, 100) });
  return done([...new Set(keys.filter((key) => key !== null))]);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
