/** Says what a fork would do, and does nothing. */
import type { ExecutionPlan, ForkExecution } from "@/lib/contract/controls";
import { encodeId } from "@/lib/contract/ids";
import type { Caller } from "./caller";
import { copyHistory } from "./door/copy-history";
import { forkRefusal, prepareFork } from "./fork-execution";
import type { Outcome } from "./outcome";
import { type PreviewServices, preview } from "./preview";

export async function previewFork(
  services: PreviewServices,
  caller: Caller,
  ref: string,
  body: ForkExecution,
): Promise<Outcome<ExecutionPlan>> {
  const submission = await prepareFork(services, caller, ref, body);
  if (!submission.ok) return submission;
  const { source, command } = submission.value;
  const copy = await copyHistory(services.db, services.graphs, submission.value, source);
  if (typeof copy === "string") return forkRefusal({ reply: copy, state: null }, body.at);
  const { state } = copy.folded;
  return preview(services, caller, {
    state,
    command: { ...command, source: encodeId("execution", source), at: state.sequence },
    executionId: source,
  });
}
