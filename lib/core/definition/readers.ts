/** Every expression of a definition in its place. */
import type { JsonValue } from "../../contract/json";
import type { Fault, References } from "../expressions/references";
import { compileTemplate } from "../expressions/template";
import { templateFields } from "./fields";
import type { LoopEdge } from "./loops";
import { at, type Place } from "./place";
import { type JudgedScope, placeOf } from "./scopes";

/** Who evaluates it, and so what it sees: a node one of its fields, a loop edge what it carries, a graph its output. */
export type Reader =
  | { readonly kind: "field"; readonly ordinal: number; readonly field: string }
  | { readonly kind: "carry"; readonly ordinal: number; readonly edge: LoopEdge }
  | { readonly kind: "output"; readonly ordinal: null };

/** What it reads, or why it does not parse; without what it was compiled to, for there may be a hundred thousand of them. */
export interface PlacedExpression {
  readonly scope: JudgedScope;
  readonly reader: Reader;
  readonly place: Place;
  readonly source: string;
  readonly reads: References | { readonly fault: Fault };
}

export function placeExpressions(scope: JudgedScope): PlacedExpression[] {
  const { path, graph, loops, inside } = scope;
  const edges = loops.all.flatMap((loop) => loop.edges).sort((a, b) => a.at - b.at);
  const ofMap = inside === null ? {} : { node: inside.map.id };
  return [
    ...graph.nodes.flatMap((node, ordinal) =>
      templateFields(node).flatMap(({ field, source }) =>
        placed(scope, { kind: "field", ordinal, field }, at(placeOf(scope, ordinal), `/${field}`), source),
      ),
    ),
    ...edges.flatMap((edge) => {
      const place = { path: `${path}/edges/${edge.at}/loop/carry`, node: graph.nodes[edge.from]?.id ?? "" };
      return placed(scope, { kind: "carry", ordinal: edge.from, edge }, place, edge.carry);
    }),
    ...placed(scope, { kind: "output", ordinal: null }, { path: `${path}/output`, ...ofMap }, graph.output),
  ];
}

function placed(scope: JudgedScope, reader: Reader, place: Place, source: JsonValue | undefined): PlacedExpression[] {
  if (source === undefined) return [];
  return compileTemplate(source).expressions.map(({ pointer, source: text, compiled }) => ({
    scope,
    reader,
    place: at(place, pointer),
    source: text,
    reads: "fault" in compiled ? compiled : compiled.references,
  }));
}
