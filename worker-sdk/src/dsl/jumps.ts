/** Leads jumps to their targets: those forward where the target stands, those back once every node has its place. */
import type { Finding, JsonValue } from "../types/definition";
import type { FlatElement } from "./flatten";
import { defined } from "./graph-node";
import type { Jump } from "./jump";
import { judgeJump, leavesGroup, type Placement } from "./placement";
import type { Context, Exit, Reached } from "./reached";
import { templateJson } from "./template";
import { maybe, type Value } from "./values";

/** A jump on its way. */
interface Leaving {
  readonly target: string;
  readonly jump: Jump;
  readonly exits: readonly Exit[];
  readonly at: Reached;
  readonly context: Context;
}

export class Jumps {
  private readonly placements = new Map<string, Placement>();
  private readonly back: Leaving[] = [];
  private forward: Leaving[] = [];

  constructor(private readonly findings: Finding[]) {}

  /** What is reached behind it. */
  leave(jump: Jump, at: Reached, context: Context): Reached {
    const { exits } = at;
    const target = jump.target ?? context.rulesOf;
    if (exits === null) {
      this.refuse("JUMP_ENTRY", "Put a step before the jump: it leads from nowhere.", context);
      return at;
    }
    if (target === null) {
      const message = "Put retry() into a rule: it runs the step anew whose rule it is.";
      this.refuse("JUMP_ENTRY", message, context, exits);
    } else (jump.direction === "back" ? this.back : this.forward).push({ target, jump, exits, at, context });
    return { ...at, exits: [] };
  }

  /** What the element is reached by, with the jumps that lead to it. */
  land(element: FlatElement, before: Reached, context: Context, firstOf: (ways: readonly Value[]) => Value): Reached {
    const id = "kind" in element && "id" in element ? element.id : undefined;
    if (id === undefined) return before;
    this.placements.set(id, context.place);
    const landing = this.forward.filter((leaving) => leaving.target === id);
    this.forward = this.forward.filter((leaving) => leaving.target !== id);
    return landing
      .filter((leaving) => this.isLawful(leaving, context.place))
      .reduce((reached, leaving) => merge(reached, leaving, context.place, firstOf), before);
  }

  /** The jumps back, and what is wrong with those that led nowhere. */
  finish(): void {
    for (const leaving of [...this.back, ...this.forward]) {
      const { target, jump, exits, at, context } = leaving;
      const place = this.placements.get(target);
      if (place === undefined) {
        const message = `There is no step "${target}" to jump to: name one of this workflow.`;
        this.refuse("UNKNOWN_STEP", message, context, exits);
      } else if (at.parallel && jump.direction === "back") {
        const message = `A parallel group stands right before the jump back to "${target}": put a step after the group, which joins it.`;
        this.refuse("JUMP_OUT_OF_GROUP", message, context, exits);
      } else if (this.isLawful(leaving, place)) {
        const loop = loopOf(jump, exits);
        for (const exit of exits) context.graph.edges.push({ ...exit, to: target, loop });
      }
    }
  }

  private isLawful({ target, jump, exits, context }: Leaving, place: Placement): boolean {
    const fault = judgeJump(context.place, place, jump.direction);
    if (fault === null) return true;
    const from = context.rulesOf ?? exits[0]?.from;
    this.refuse(fault.code, `The jump after "${from}" cannot lead to "${target}": ${fault.why}.`, context, exits);
    return false;
  }

  private refuse(code: string, message: string, { graph }: Context, exits: readonly Exit[] = []): void {
    const [exit] = exits;
    const i = graph.nodes.findIndex(({ id }) => id === exit?.from);
    const path = i < 0 ? graph.at : `${graph.at}/nodes/${i}`;
    this.findings.push(defined({ code, severity: "error", path, node: exit?.from, message }));
  }
}

/** Out of a group, the join is handed the group as it is, without what was skipped. */
function merge(
  before: Reached,
  leaving: Leaving,
  place: Placement,
  firstOf: (ways: readonly Value[]) => Value,
): Reached {
  const { at, exits, context } = leaving;
  const ways = before.exits?.length === 0 ? [at.value] : [before.value, at.value];
  return {
    exits: [...(before.exits ?? []), ...exits],
    value: leavesGroup(context.place, place) ? maybe(before.value) : firstOf(ways),
    certain: before.certain && at.certain,
    parallel: before.parallel || at.parallel,
  };
}

function loopOf({ loop }: Jump, exits: readonly Exit[]): { maxIterations?: number; carry?: JsonValue } {
  return templateJson(loop, `The jump back from "${exits[0]?.from}"`) as { maxIterations?: number; carry?: JsonValue };
}
