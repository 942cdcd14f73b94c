/** The editor's automatic layout: from left to right, with room for names between. */
import { type Laid, layoutOf, type Shape } from "@/lib/editor/canvas/layout";
import { layRight } from "../../_execution/graph-layout";

const GAPS = { rank: 64, node: 32 };

export function layShape(shape: Shape): readonly Laid[] {
  return layoutOf(shape, (nodes, edges) => new Map(layRight(nodes, edges, GAPS).map((place) => [place.id, place])));
}
