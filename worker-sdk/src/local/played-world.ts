/**
 * Everybody around an execution, by a plan: no handler runs, no URL is called, no child starts and nobody is asked. What is
 * planned is due at its time like everything else, so that a clock that jumps passes it too.
 */
import { placeName } from "@/lib/contract/trial-path";
import type { TrialAnswer, TrialChild, TrialDecision } from "@/lib/contract/trials";
import { parseDuration } from "@/lib/core/durations";

/** Something that waits for what the plan says of it. */
export interface Asked {
  readonly kind: "steps" | "compensations" | "approvals" | "children";
  /** The node's path. */
  readonly node: string;
  readonly index: readonly number[];
}

export interface Plan {
  readonly steps?: { readonly [place: string]: readonly TrialAnswer[] | undefined } | undefined;
  readonly compensations?: { readonly [place: string]: readonly TrialAnswer[] | undefined } | undefined;
  readonly approvals?: { readonly [place: string]: readonly TrialDecision[] | undefined } | undefined;
  readonly children?: { readonly [place: string]: readonly TrialChild[] | undefined } | undefined;
}

type Planned<Kind extends keyof Plan> = NonNullable<Plan[Kind]>[string] extends readonly (infer One)[] | undefined
  ? One
  : never;

export class PlayedWorld {
  /** What could not be done as it was planned, in sentences. */
  readonly problems: string[] = [];
  private readonly counts = new Map<string, number>();
  private open: { asked: Asked; isOpen: () => boolean }[] = [];

  constructor(private readonly plan: Plan) {}

  /** Its turn has come: what it comes to this time; the last of a list repeats. Null: nobody has said. */
  next<Kind extends Asked["kind"]>(
    asked: Asked & { readonly kind: Kind },
    isOpen: () => boolean,
  ): Planned<Kind> | null {
    const { kind, node, index } = asked;
    const place = placeName(node, index);
    const key = `${kind} ${place}`;
    const nth = this.counts.get(key) ?? 0;
    this.counts.set(key, nth + 1);
    const plans: { readonly [place: string]: readonly unknown[] | undefined } = this.plan[kind] ?? {};
    const list = Object.hasOwn(plans, place) ? plans[place] : Object.hasOwn(plans, node) ? plans[node] : undefined;
    const found = list?.[Math.min(nth, list.length - 1)];
    if (found !== undefined) return found as Planned<Kind>;
    this.open.push({ asked, isOpen });
    return null;
  }

  /** Places of what is open still, and nobody has said what it comes to. */
  get unanswered(): string[] {
    this.open = this.open.filter(({ isOpen }) => isOpen());
    return this.open.map(({ asked: { node, index } }) => placeName(node, index));
  }

  refused({ node, index }: Asked, why: string): void {
    this.problems.push(`What is planned for ${placeName(node, index)} is refused: ${why}.`);
  }
}

/** Of a plan's `took` or `after`. */
export function plannedMs(duration: string | number | undefined): number {
  return parseDuration(duration ?? 0) ?? 0;
}
