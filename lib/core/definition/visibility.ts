/** What an expression can see from its place: of the maps and loops around it, of a poll's round, and of other steps. */
import type { Root } from "../expressions/environment";
import type { Path } from "../expressions/references";
import { COMPENSATE_FIELD, UNTIL_FIELD } from "./fields";
import { ERROR_PORT } from "./ports";
import type { PlacedExpression, Reader } from "./readers";
import { type JudgedScope, outwards } from "./scopes";

/** Why there is nothing of that name here, as a sentence that says what to do; null: there is. */
export function missingRoot({ scope, reader }: PlacedExpression, path: Path): string | null {
  switch (path.root) {
    case "input":
    case "steps":
    case "execution":
      return null;
    case "output":
    case "round":
      return reader.kind === "field" && reader.field === UNTIL_FIELD ? null : onlyIn(path.root, "in poll.until");
    case "item":
    case "index":
      return outwards(scope).length > 1 ? null : onlyIn(path.root, "inside a map");
    case "outer":
      return tooFarOut(path, outwards(scope).length - 2, onlyIn(path.root, "inside a map that is inside another one"));
    case "loop":
      return tooFarOut(path, loopsAround(scope, reader.ordinal), onlyIn(path.root, "inside a loop"));
  }
}

function onlyIn(root: Root, place: string): string {
  return `Take ${root} out: there is such a thing only ${place}.`;
}

/** `levels`: how many of the root's kind there are here, the root itself and its `outer`, and that one's, and so on. */
function tooFarOut({ segments, tested, text }: Path, levels: number, none: string): string | null {
  if (levels < 1) return none;
  const outers = segments.findIndex((segment) => segment !== "outer");
  const asked = outers < 0 ? segments.length - (tested ? 1 : 0) : outers;
  return asked < levels ? null : `Take an outer out of ${text}: there is nothing that far out.`;
}

/** In whatever scope: a map inside a loop is run again by it, and so is all that is inside the map. */
function loopsAround(scope: JudgedScope, ordinal: number | null): number {
  const own = ordinal === null ? 0 : (scope.nodes[ordinal]?.loops.length ?? 0);
  return own + (scope.inside === null ? 0 : loopsAround(scope.inside.scope, scope.inside.ordinal));
}

/** Whether a step may have run when it is read, and whether it has completed for certain. */
export interface Sight {
  readonly canHaveRun: boolean;
  readonly isCertain: boolean;
}

/** Null: the step is in a scope with cycles, in which there is no before; or in one that cannot be seen at all. */
export function sightOf({ scope, reader }: PlacedExpression, of: JudgedScope, step: number): Sight | null {
  if (of.reachability === null) return null;
  if (of === scope) return ownSight(scope, reader, step);
  const inner = outwards(scope).find(({ inside }) => inside?.scope === of);
  if (inner === undefined || inner.inside === null) return null;
  return sightBefore(of, inner.inside.ordinal, step);
}

function ownSight(scope: JudgedScope, reader: Reader, step: number): Sight {
  switch (reader.kind) {
    case "output":
      return { canHaveRun: true, isCertain: scope.reachability?.isCertainAtEnd(step) ?? true };
    case "carry": {
      const { ordinal, edge } = reader;
      if (step === ordinal) return { canHaveRun: true, isCertain: edge.port !== ERROR_PORT };
      const before = sightBefore(scope, ordinal, step);
      return { ...before, canHaveRun: before.canHaveRun || (scope.loops.all[edge.loop]?.body.has(step) ?? false) };
    }
    case "field": {
      const { ordinal, field } = reader;
      if (step === ordinal && field === COMPENSATE_FIELD) return { canHaveRun: true, isCertain: true };
      return sightBefore(scope, ordinal, step);
    }
  }
}

function sightBefore({ reachability }: JudgedScope, ordinal: number, step: number): Sight {
  return {
    canHaveRun: reachability?.isBefore(step, ordinal) ?? true,
    isCertain: reachability?.isCertain(step, ordinal) ?? true,
  };
}
