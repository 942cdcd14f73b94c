/** A start request before it is written: which version it gets, whether it may, and by what it is known again. */
import { createHash } from "node:crypto";
import type { StartExecution } from "@/lib/contract/executions";
import { canonicalJson } from "@/lib/contract/json";
import type { Caller } from "./caller";
import type { StartSubmission } from "./door/door";
import { inputErrors } from "./input-schema";
import { unfit } from "./leasing/payload-fit";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

export async function prepareStart(
  { graphs }: Pick<Services, "graphs">,
  { namespaceId, actor }: Caller,
  request: StartExecution,
  idempotencyKey: string | null,
): Promise<Outcome<StartSubmission>> {
  const { workflow, version, input = null, ...options } = request;
  const problem = unfit(input) ?? unfit({ ...options, idempotencyKey });
  if (problem !== null) return refused(problem.code, problem.message);
  const published = await graphs.find(namespaceId, workflow, version);
  if (published === null) return refused("WORKFLOW_NOT_FOUND", unknownWorkflow(workflow, version));
  const errors = inputErrors(published.definition, input);
  if (errors.length > 0) return refused("INVALID_INPUT", undefined, { errors });
  const { workflowId, hash } = published;
  return done({
    namespaceId,
    actor,
    workflowId,
    version: published.version,
    command: { type: "start", workflow, version: published.version, hash, input, ...options },
    idempotencyKey,
    requestHash: idempotencyKey === null && request.key === undefined ? null : requestHash(request),
  });
}

/** Two requests that ask for the same have the same one, in whatever order they were written down. */
export function requestHash(request: StartExecution): string {
  return createHash("sha256")
    .update(canonicalJson({ ...request, input: request.input ?? null }))
    .digest("hex");
}

function unknownWorkflow(name: string, version: number | undefined): string {
  return version === undefined ? `There is no workflow ${name}.` : `Workflow ${name} has no version ${version}.`;
}
