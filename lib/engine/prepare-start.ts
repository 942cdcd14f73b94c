/** A start request before it is written: which version it gets, whether it may, and by what it is known again. */
import { createHash } from "node:crypto";
import type { Clock } from "@/lib/clock";
import type { StartExecution } from "@/lib/contract/executions";
import { canonicalJson } from "@/lib/contract/json";
import { type Caller, reachesWorkflow } from "./caller";
import type { StartSubmission } from "./door/door";
import type { Graphs } from "./graphs";
import { inputErrors } from "./input-schema";
import { unfit } from "./leasing/payload-fit";
import type { PayloadLimit } from "./limits/limits";
import { done, type Outcome, refused } from "./outcome";

export async function prepareStart(
  { clock, graphs, limits }: { clock: Clock; graphs: Graphs; limits?: PayloadLimit },
  caller: Caller,
  request: StartExecution,
  idempotencyKey: string | null,
): Promise<Outcome<StartSubmission>> {
  const { namespaceId, actor } = caller;
  const { workflow, version, input = null, startAt: startAtText, ...options } = request;
  const startAt = startAtText === undefined ? undefined : Date.parse(startAtText);
  if (startAt !== undefined && startAt > clock.now() + FARTHEST_START_MS)
    return refused("INVALID_REQUEST", undefined, { errors: [TOO_FAR] });
  const problem = unfit(input, limits?.payloadBytes(namespaceId)) ?? unfit({ ...options, idempotencyKey });
  if (problem !== null) return refused(problem.code, problem.message);
  const published = reachesWorkflow(caller, workflow) ? await graphs.find(namespaceId, workflow, version) : null;
  if (published === null) return refused("WORKFLOW_NOT_FOUND", unknownWorkflow(workflow, version));
  const errors = inputErrors(published.definition, input);
  if (errors.length > 0) return refused("INVALID_INPUT", undefined, { errors });
  const { workflowId, hash } = published;
  return done({
    namespaceId,
    actor,
    workflowId,
    version: published.version,
    command: {
      type: "start",
      workflow,
      version: published.version,
      hash,
      input,
      ...options,
      ...(startAt === undefined ? {} : { startAt }),
      ...(caller.trace === undefined ? {} : { trace: caller.trace }),
    },
    idempotencyKey,
    requestHash: idempotencyKey === null && request.key === undefined ? null : requestHash(request),
  });
}

/** Ten years, with their leap days. */
const FARTHEST_START_MS = (10 * 365 + 3) * 86_400_000;
const TOO_FAR = { path: "/startAt", code: "TOO_FAR", message: "must lie within the next ten years" };

/** Two requests that ask for the same have the same one, in whatever order they were written down. */
export function requestHash({ input = null, startAt, ...request }: StartExecution): string {
  const instant = startAt === undefined ? undefined : Date.parse(startAt);
  return createHash("sha256")
    .update(canonicalJson({ ...request, input, startAt: instant }))
    .digest("hex");
}

function unknownWorkflow(name: string, version: number | undefined): string {
  return version === undefined ? `There is no workflow ${name}.` : `Workflow ${name} has no version ${version}.`;
}
