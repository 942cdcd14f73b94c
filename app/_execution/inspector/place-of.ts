/** From a selection's key back to the place that it names; names of nodes hold neither brackets nor a hash. */
import type { StepData } from "../step-row";

const KEY = /^([^[\]#]+)(?:\[(\d+(?:,\d+)*)\])?(?:#(\d+))?$/;

/** Null: somebody wrote the address by hand. */
export function placeOf(key: string): StepData | null {
  const [, node, items, turn] = KEY.exec(key) ?? [];
  if (node === undefined) return null;
  return {
    node,
    iteration: turn === undefined ? 1 : Number(turn),
    ...(items === undefined ? {} : { index: items.split(",").map(Number) }),
  };
}
