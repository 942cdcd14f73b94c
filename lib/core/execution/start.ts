/** How an execution begins: at once, or when its time has come. */
import type { EventData } from "../../contract/history";
import { toInstant } from "../time";
import { advance } from "./advance";
import type { CommandOf } from "./commands";
import { valueFields } from "./held";
import { emit, hold, type Turn } from "./turn";

export function startExecution(turn: Turn, command: CommandOf<"start">) {
  const { graph } = turn.state;
  const { workflow, version, hash, key, tags, correlationId, priority, startAt, parent, trace } = command;
  const held = hold(turn, command.input);
  if (held === null) throw new Error("the input is larger than a payload may be");
  const timeoutMs = command.timeoutMs ?? graph.timeoutMs;
  const data = {
    workflow,
    version,
    hash,
    ...valueFields("input", held),
    ...(key === undefined ? {} : { key }),
    ...(tags === undefined ? {} : { tags }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(priority === undefined ? {} : { priority }),
    ...(timeoutMs === null ? {} : { timeoutMs }),
    ...(parent === undefined ? {} : { parent }),
    ...(trace === undefined ? {} : { trace }),
  };
  if (startAt !== undefined && startAt > turn.now) {
    return emit(turn, "ExecutionScheduled", { ...data, startAt: toInstant(startAt) });
  }
  emit(turn, "ExecutionStarted", { ...data, ...timeoutFields(turn, timeoutMs) });
  advance(turn);
}

/** Its time has come. */
export function begin(turn: Turn) {
  const { workflow, version, hash, timeoutMs } = turn.state;
  emit(turn, "ExecutionStarted", { workflow, version, hash, ...timeoutFields(turn, timeoutMs) });
  advance(turn);
}

/** From now on. */
export function timeoutFields(
  { now }: Turn,
  timeoutMs: number | null,
): Pick<EventData<"ExecutionStarted">, "timeoutAt"> {
  return timeoutMs === null ? {} : { timeoutAt: toInstant(now + timeoutMs) };
}
