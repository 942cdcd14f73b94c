/** A handler may end its dispatch with a wish to wait, and is then dispatched again or done. */
import type { ErrorInfo, EventData } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { Checkpoint, Directive } from "./commands";
import type { At } from "./draft";
import { valueFields } from "./held";
import type { DirectiveState } from "./state";
import { tooLarge } from "./too-large";
import { demand, emit, hold, placeOf, read, stepAt, type Turn } from "./turn";

type Fields = Pick<EventData<"SleepStarted">, "directive">;

/** What the event that begins the waiting says of it, or why it cannot. */
export function directiveData(turn: Turn, { node }: At, command: Directive): { fields: Fields } | { error: ErrorInfo } {
  const { data, then = "complete", name } = command;
  const held = data === undefined ? null : hold(turn, data);
  if (data !== undefined && held === null) return { error: tooLarge(`The data of ${node.path}'s directive`) };
  return { fields: directiveFields({ then, name: name ?? null, data: held }) };
}

export function directiveFields(directive: DirectiveState | null): Fields {
  if (directive === null) return {};
  const { then, name, data } = directive;
  return { directive: { then, ...(name === null ? {} : { name }), ...valueFields("data", data) } };
}

/** How the waiting ended is recorded as the checkpoint of its name; the same attempt goes on as soon as it may. */
export function resumeAfterWait(
  turn: Turn,
  at: At,
  { name, data }: DirectiveState,
  outcome: { [member: string]: JsonValue },
) {
  const carried = read(turn, data);
  demand(turn);
  recordCheckpoint(turn, at, { name: name ?? "", value: { ...outcome, name, carried } });
}

/** The first value of a name wins. One that is too large is left out: whoever takes it in has refused it before. */
export function recordCheckpoints(turn: Turn, at: At, checkpoints: readonly Checkpoint[] | undefined) {
  for (const checkpoint of checkpoints ?? []) recordCheckpoint(turn, at, checkpoint);
}

function recordCheckpoint(turn: Turn, at: At, { name, value }: Checkpoint) {
  const { checkpoints, round } = stepAt(turn, at);
  if (checkpoints.some((known) => known.name === name)) return;
  const held = hold(turn, value);
  if (held === null) return;
  emit(turn, "StepCheckpointed", {
    ...placeOf(turn, at),
    name,
    ...(round === 0 ? {} : { round }),
    ...valueFields("value", held),
  });
}
