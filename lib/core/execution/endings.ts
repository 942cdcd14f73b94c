/** The ways a step ends: each writes its one ending event. What follows from that is drawn by `advance`. */
import type { ErrorInfo, EventData } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { defaultPort, ERROR_PORT } from "../definition/ports";
import { givenUp } from "./cancel";
import type { At } from "./draft";
import { isRouted } from "./failures";
import { valueFields } from "./held";
import { judgeLoop, takeLoop } from "./loops";
import { evaluateField } from "./scope";
import type { Held } from "./state";
import { tooLarge } from "./too-large";
import { emit, hold, placeOf, read, stepAt, type Turn } from "./turn";

type Details = Pick<EventData<"StepCompleted">, "attempt" | "taskId" | "lease" | "worker" | "queuedMs" | "ranMs">;

interface Completion {
  port?: string | undefined;
  output?: Held | null;
  details?: Details;
}

export function completeStep(turn: Turn, at: At, { port, output = null, details = {} }: Completion) {
  const { node } = at;
  const own = port ?? defaultPort(node.definition);
  const loop = node.loopEdges.find((edge) => edge.port === own);
  const compensate = compensationOf(turn, at, output);
  const judged = loop === undefined ? null : judgeLoop(turn, at, loop, { status: "completed", output, error: null });
  if (judged !== null && "error" in judged) {
    const error = { ...judged.error, details: { ...objectOf(judged.error), output: shown(output) } };
    return unroutedOr(turn, at, error, { ...details, ...compensate });
  }
  emit(turn, "StepCompleted", {
    ...placeOf(turn, at),
    ...(own === defaultPort(node.definition) ? {} : { port: own }),
    ...valueFields("output", output),
    ...(judged !== null && turn.state.pausedAt !== null ? valueFields("carry", judged.carried) : {}),
    ...compensate,
    ...details,
  });
  if (loop !== undefined && judged !== null) takeLoop(turn, at, loop, judged.carried);
}

/** For good: its `error` edge is taken, or without one its scope fails. */
export function failStep(turn: Turn, at: At, error: ErrorInfo) {
  const loop = at.node.loopEdges.find(({ port }) => port === ERROR_PORT);
  if (loop === undefined) return unroutedOr(turn, at, error, {});
  const judged = judgeLoop(turn, at, loop, { status: "failed", output: null, error });
  if ("error" in judged) {
    const details = { ...objectOf(judged.error), error: { code: error.code, message: error.message } };
    return unroutedOr(turn, at, { ...judged.error, details }, {});
  }
  emit(turn, "StepFailed", {
    ...placeOf(turn, at),
    error,
    ...givenUp(turn, at),
    ...(turn.state.pausedAt === null ? {} : valueFields("carry", judged.carried)),
  });
  takeLoop(turn, at, loop, judged.carried);
}

/** Fails without a look at a loop edge on `error`: where there is one, it was judged, and nothing takes the failure. */
function unroutedOr(turn: Turn, at: At, error: ErrorInfo, more: Partial<EventData<"StepFailed">>) {
  const loops = at.node.loopEdges.some(({ port }) => port === ERROR_PORT);
  emit(turn, "StepFailed", {
    ...placeOf(turn, at),
    error,
    ...givenUp(turn, at),
    ...(loops && isRouted(at.node) ? { unrouted: true } : {}),
    ...more,
  });
}

/** Ends on a port that means something went otherwise: without an edge there, the step fails with that code. */
export function endOnPort(turn: Turn, at: At, port: string, output: Held | null, error: ErrorInfo) {
  const { outs, loopEdges } = at.node;
  const taken = [...outs, ...loopEdges].some((edge) => edge.port === port);
  if (taken) completeStep(turn, at, { port, output });
  else failStep(turn, at, error);
}

export function skipStep(turn: Turn, at: At) {
  emit(turn, "StepSkipped", placeOf(turn, at));
}

/** The input of the step's compensation, computed now and frozen. */
function compensationOf(turn: Turn, at: At, output: Held | null): Pick<EventData<"StepCompleted">, "compensate"> {
  const { compensation } = at.node;
  if (compensation === null) return {};
  const step = stepAt(turn, at);
  const seeing = { own: { status: "completed" as const, output, error: null } };
  const evaluated =
    compensation.input === undefined
      ? { value: { input: read(turn, step.input), output: read(turn, output) } }
      : evaluateField(turn, at, "compensate/input", compensation.input, seeing);
  if ("error" in evaluated) return { compensate: { error: evaluated.error } };
  const held = hold(turn, evaluated.value);
  if (held === null) return { compensate: { error: tooLarge(`The input of ${at.node.path}'s compensation`) } };
  return { compensate: valueFields("input", held) };
}

function objectOf({ details }: ErrorInfo): object {
  return typeof details === "object" && details !== null ? details : {};
}

function shown(output: Held | null): JsonValue {
  if (output === null) return null;
  return "json" in output ? output.json : { hash: output.ref.hash, bytes: output.ref.bytes };
}
