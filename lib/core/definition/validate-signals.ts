/** What validation says about the names of signals inside maps. */
import type { Finding } from "../../contract/findings";
import type { References } from "../expressions/references";
import { at, warning } from "./place";
import type { PlacedExpression } from "./readers";
import { type JudgedScope, placedNodes } from "./scopes";

const OF_ITEM: ReadonlySet<string> = new Set(["item", "index"]);

/** Items that wait for one name take one another's signals: whichever began to wait first gets the next. */
export function checkSignals(scope: JudgedScope, placed: readonly PlacedExpression[]): Finding[] {
  if (scope.inside === null) return [];
  const { map } = scope.inside;
  const names = new Map(
    placed.flatMap(({ reader, reads }) =>
      reader.kind === "field" && reader.field === "signal" ? [[reader.ordinal, reads] as const] : [],
    ),
  );
  return placedNodes(scope).flatMap(({ node, place }, ordinal): Finding[] => {
    if (node.type !== "signal") return [];
    const name = names.get(ordinal);
    if (name !== undefined && ("fault" in name || differs(scope, ordinal, name))) return [];
    const message = `Make the name of the signal depend on item or index: every item of ${map.id} waits for the same one.`;
    return [warning("SIGNAL_SHARED", at(place, "/signal"), message)];
  });
}

/** Whether it may be another one for each item: by the item itself, by a step of the body, by what a loop in it carries. */
function differs({ nodes, ordinals }: JudgedScope, ordinal: number, { paths, steps, anyStep }: References): boolean {
  if (anyStep || [...steps].some((step) => ordinals.has(step))) return true;
  const inLoop = (nodes[ordinal]?.loops.length ?? 0) > 0;
  return paths.some(({ root }) => OF_ITEM.has(root) || (inLoop && root === "loop"));
}
