/** Answers and deadlines of the tasks that undo steps. */
import type { ErrorInfo } from "../../contract/history";
import { endOf } from "./attempts";
import type { Command, CommandOf, Reply, TaskAnswer } from "./commands";
import { completeCompensation, failCompensation, settingsOf } from "./compensation";
import { expiryError, fitting } from "./results";
import type { CompensationState } from "./state";
import type { Turn } from "./turn";

type Answer = CommandOf<"complete-task" | "fail-task" | "sleep-task" | "approval-task" | "checkpoint-task">;

export function answerCompensation(turn: Turn, command: Answer): Reply {
  const undo = turn.state.compensations[command.step.compensation ?? -1];
  if (undo === undefined) return "unknown-task";
  if (undo.taskId !== command.taskId) return lateReply(undo, command);
  if (command.type === "checkpoint-task") return "accepted";
  if (command.type === "complete-task") completeCompensation(turn, undo, command.output, endOf(command));
  else failCompensation(turn, undo, errorOf(undo, command), endOf(command));
  return "accepted";
}

export function expireCompensation(turn: Turn, command: Extract<Command, { type: "expire-task" }>): Reply {
  const undo = turn.state.compensations[command.step.compensation ?? -1];
  if (undo === undefined || undo.taskId !== command.taskId) return "stale";
  const { lease: _, ...answer } = command;
  failCompensation(turn, undo, expiryError(command.code, settingsOf(turn, undo).timeouts), endOf(answer));
  return "accepted";
}

export function lateReply({ ended }: CompensationState, { taskId, lease }: TaskAnswer): Reply {
  const known = ended.find((end) => end.taskId === taskId);
  if (known === undefined) return "unknown-task";
  return known.lease === lease ? "duplicate" : "stale";
}

function errorOf(
  undo: CompensationState,
  command: Exclude<Answer, CommandOf<"complete-task" | "checkpoint-task">>,
): ErrorInfo {
  if (command.type === "fail-task") return fitting(command.error, `${undo.node}'s compensation`);
  return {
    code: "DIRECTIVE_REFUSED",
    message: "A compensation cannot sleep or ask: let it do its work, or fail.",
    retryable: false,
  };
}
