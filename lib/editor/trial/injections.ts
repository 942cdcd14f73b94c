/** What a person plans for single steps, whatever answers the others: a failure, a worker that is lost, a slow one, a decision. */
import { placeName } from "../../contract/trial-path";
import type { TrialAnswer, TrialChild, TrialDecision } from "../../contract/trials";
import type { AnswerSource, Asker } from "./answers";
import { durationText } from "./duration-text";

export type Injection =
  /** Its first dispatch, or every one; the others are answered as all steps are. */
  | { readonly kind: "fail"; readonly times: "once" | "always" }
  /** Without another attempt. */
  | { readonly kind: "fail-for-good" }
  | { readonly kind: "lose"; readonly times: "once" | "always" }
  /** Whatever it is answered, so much later. */
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "decide"; readonly decision: "approved" | "rejected" | "expired" }
  /** In the order of dispatches; the last one repeats. */
  | { readonly kind: "answers"; readonly list: readonly TrialAnswer[] };

/** By a node's path, or with the indexes of one item, which wins. */
export type Injections = ReadonlyMap<string, Injection>;

const INJECTED = { code: "INJECTED", message: "The trial lets this attempt fail." };

export function withInjections(injections: Injections, source: AnswerSource): AnswerSource {
  const of = ({ node, index }: Asker) => injections.get(placeName(node, index)) ?? injections.get(node);
  return {
    task(asked) {
      const injection = asked.kind === "compensation" ? undefined : of(asked);
      return taskAnswer(injection, asked.nth, () => source.task(asked));
    },
    approval(asked) {
      const injection = of(asked);
      return injection?.kind === "decide" ? decisionOf(injection.decision, source, asked) : source.approval(asked);
    },
    child(asked) {
      return childEnd(of(asked), asked.nth, () => source.child(asked));
    },
  };
}

function taskAnswer(
  injection: Injection | undefined,
  nth: number,
  otherwise: () => TrialAnswer | null,
): TrialAnswer | null {
  switch (injection?.kind) {
    case "fail":
      return injection.times === "always" || nth === 0 ? { error: INJECTED } : otherwise();
    case "fail-for-good":
      return { error: { ...INJECTED, retryable: false } };
    case "lose":
      return injection.times === "always" || nth === 0 ? { lost: true } : otherwise();
    case "slow":
      return later(otherwise(), injection.ms);
    case "answers":
      return injection.list[Math.min(nth, injection.list.length - 1)] ?? otherwise();
    default:
      return otherwise();
  }
}

function later<Plan extends TrialAnswer | TrialChild>(plan: Plan | null, ms: number): Plan | null {
  return plan === null ? null : { ...plan, took: durationText(ms) };
}

function decisionOf(
  decision: "approved" | "rejected" | "expired",
  source: AnswerSource,
  asked: Parameters<AnswerSource["approval"]>[0],
): TrialDecision {
  if (decision === "expired") return "expired";
  const known = source.approval(asked);
  const isSame = known !== null && known !== "expired" && known.decision === decision;
  return isSame ? known : { decision };
}

function childEnd(
  injection: Injection | undefined,
  nth: number,
  otherwise: () => TrialChild | null,
): TrialChild | null {
  if (injection?.kind === "slow") return later(otherwise(), injection.ms);
  const fails =
    injection?.kind === "fail-for-good" || (injection?.kind === "fail" && (injection.times === "always" || nth === 0));
  return fails ? { error: INJECTED } : otherwise();
}
