/** Starts many executions in one flush; each is judged by itself, so that a bad one spares the others. */
import { type BatchStarted, type StartExecution, startExecutionSchema } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import { shapeErrors } from "@/lib/contract/shape-errors";
import type { Caller } from "./caller";
import { Busy, OutcomeUnknown, type StartSubmission } from "./door/door";
import { startWithin } from "./limits/start-within";
import { done, type Outcome, type Refusal, refused } from "./outcome";
import { prepareStart } from "./prepare-start";
import { earlierStart, type StartServices } from "./start-execution";

type Result = BatchStarted["results"][number];

/** Results in the order of the requests. Repeated with its key, a batch starts only what did not start before. */
export async function startBatch(
  services: StartServices,
  caller: Caller,
  executions: readonly unknown[],
  idempotencyKey: string | null = null,
): Promise<Result[]> {
  // Everything is looked up first: what then reaches the door in one turn is written by one flush.
  const prepared = await Promise.all(
    executions.map((execution, index) => prepare(services, caller, execution, keyOfItem(idempotencyKey, index))),
  );
  return Promise.all(prepared.map((start) => (start.ok ? submit(services, caller, start.value) : asResult(start))));
}

/** No header carries a line feed: it is never the key of an execution started alone. */
function keyOfItem(key: string | null, index: number): string | null {
  return key === null ? null : `${key}\n${index}`;
}

type Prepared = { id: string } | { submission: StartSubmission; request: StartExecution; key: string | null };

async function prepare(
  services: StartServices,
  caller: Caller,
  execution: unknown,
  key: string | null,
): Promise<Outcome<Prepared>> {
  const parsed = startExecutionSchema.safeParse(execution);
  if (!parsed.success)
    return refused("INVALID_REQUEST", "The execution does not have the right shape.", {
      errors: shapeErrors(parsed.error),
    });
  const submission = await prepareStart(services, caller, parsed.data, key);
  if (submission.ok) return done({ submission: submission.value, request: parsed.data, key });
  return before(services, caller, parsed.data, key, submission);
}

/** What the same item started before, or why it cannot be started. */
async function before(
  services: StartServices,
  caller: Caller,
  request: StartExecution,
  key: string | null,
  refusal: Refusal,
): Promise<Outcome<{ id: string }>> {
  const earlier = await earlierStart(services, caller, request, key);
  if (earlier === null) return refusal;
  return earlier.ok ? done({ id: earlier.value.started.id }) : earlier;
}

async function submit(services: StartServices, caller: Caller, prepared: Prepared): Promise<Result> {
  if ("id" in prepared) return prepared;
  try {
    const applied = await startWithin(services, prepared.submission);
    if ("ok" in applied) {
      const earlier = await before(services, caller, prepared.request, prepared.key, applied);
      return earlier.ok ? earlier.value : asResult(earlier);
    }
    if (applied.outcome === "exists" && !applied.sameRequest) return asResult(refused("IDEMPOTENCY_CONFLICT"));
    return { id: encodeId("execution", applied.executionId) };
  } catch (error) {
    // The others may have been committed, and their callers must learn it.
    if (error instanceof OutcomeUnknown) return asResult(refused("OUTCOME_UNKNOWN"));
    if (error instanceof Busy) return asResult(refused("BUSY"));
    return asResult(refused("INTERNAL"));
  }
}

function asResult({ code, detail, errors }: Refusal): Result {
  return { error: { code, message: detail ?? code, ...(errors === undefined ? {} : { errors }) } };
}
