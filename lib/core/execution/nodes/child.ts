/** A workflow node starts a child execution and waits for it, or goes on at once. */
import type { WorkflowNode } from "../../../contract/definition";
import type { ErrorInfo } from "../../../contract/history";
import type { CommandOf, Reply } from "../commands";
import type { At } from "../draft";
import { completeStep, failStep } from "../endings";
import { awaitedChild } from "../find-step";
import { valueFields } from "../held";
import { evaluateField } from "../scope";
import { isClosed } from "../statuses";
import { tooLarge } from "../too-large";
import { emit, hold, lookUp, placeOf, stepAt, type Turn } from "../turn";

/** Executions above one another. */
export const MAX_DEPTH = 20;

export function startChild(turn: Turn, at: At, { workflow, version, input, wait = true }: WorkflowNode) {
  if ((turn.state.parent?.depth ?? 0) >= MAX_DEPTH) {
    return failStep(turn, at, refused(at, `more than ${MAX_DEPTH} executions would stand above one another`));
  }
  const evaluated = input === undefined ? { value: null } : evaluateField(turn, at, "input", input);
  if ("error" in evaluated) return failStep(turn, at, evaluated.error);
  const held = hold(turn, evaluated.value);
  if (held === null) return failStep(turn, at, tooLarge(`The input of ${at.node.path}`));
  const found = lookUp(turn, { workflow, ...(version === undefined ? {} : { version }) });
  if (found === null) {
    const named = version === undefined ? workflow : `${workflow}, version ${version},`;
    return failStep(turn, at, refused(at, `there is no workflow ${named}`));
  }
  const executionId = turn.env.newExecutionId();
  emit(turn, "ChildStarted", {
    ...placeOf(turn, at),
    executionId,
    workflow,
    ...found,
    wait,
    ...valueFields("input", held),
  });
  if (!wait) completeStep(turn, at, { output: { json: { executionId } } });
}

function refused({ node }: At, why: string): ErrorInfo {
  return {
    code: "CHILD_FAILED",
    message: `${node.path} could not start its child: ${why}.`,
    details: { executionId: null, status: "refused", error: null },
  };
}

/** The child closed, in whatever way; told by a message that may come twice, or when nobody waits any more. */
export function closeChild(turn: Turn, at: At, command: CommandOf<"child-closed">): Reply {
  const { executionId, status, output, error } = command;
  if (isClosed(turn.state) || awaitedChild(stepAt(turn, at)) !== executionId) return "stale";
  const held = output === undefined ? null : hold(turn, output);
  emit(turn, "ChildClosed", {
    ...placeOf(turn, at),
    executionId,
    status,
    ...valueFields("output", held),
    ...(error === undefined ? {} : { error }),
  });
  if (status === "completed") completeStep(turn, at, { output: held });
  else {
    const details = {
      executionId,
      status,
      error: error === undefined ? null : { code: error.code, message: error.message },
    };
    const message = `The child ${executionId} of ${at.node.path} did not complete: ${error?.message ?? status}`;
    failStep(turn, at, { code: "CHILD_FAILED", message, details });
  }
  return "accepted";
}
