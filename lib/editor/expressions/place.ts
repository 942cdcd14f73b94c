/**
 * Where an expression stands, as the validator sees it, and so what it may name there: never more, never less. What belongs
 * to the definition as a whole is found once for each definition.
 */
import type { Definition, Node } from "../../contract/definition";
import type { LoopEdge } from "../../core/definition/loops";
import type { PlacedExpression, Reader } from "../../core/definition/readers";
import { type JudgedScope, outwards, scopesOf } from "../../core/definition/scopes";
import { missingRoot, sightOf } from "../../core/definition/visibility";
import { ROOTS, type Root } from "../../core/expressions/environment";
import { type EdgeRef, isEdge, type Path, type Scope } from "../document";
import { fieldOf, isBare } from "./fields";

/** Whose field it is: a node's, an edge's (what its loop carries), or, with neither, the workflow's own. */
export interface FieldAt {
  readonly node?: string;
  readonly edge?: { readonly scope: Scope; readonly edge: EdgeRef };
  readonly path: Path;
}

export interface ExpressionPlace {
  readonly definition: Definition;
  readonly scope: JudgedScope;
  readonly reader: Reader;
  /** By id, the scope of every node of the definition. */
  readonly all: ReadonlyMap<string, JudgedScope>;
}

export interface SeenStep {
  readonly id: string;
  readonly node: Node;
  readonly scope: JudgedScope;
  /** It has an output by then, whichever way the execution went. */
  readonly isCertain: boolean;
}

interface Judged {
  readonly scopes: readonly JudgedScope[];
  readonly all: ReadonlyMap<string, JudgedScope>;
}

const judged = new WeakMap<Definition, Judged>();

function judge(definition: Definition): Judged {
  const known = judged.get(definition);
  if (known !== undefined) return known;
  const scopes = scopesOf(definition);
  const all = new Map(scopes.flatMap((scope) => scope.graph.nodes.map(({ id }) => [id, scope] as const)));
  const found = { scopes, all };
  judged.set(definition, found);
  return found;
}

/** Null: there is no such field, or it takes no expressions. */
export function placeOf(definition: Definition, { node, edge, path }: FieldAt): ExpressionPlace | null {
  const { scopes, all } = judge(definition);
  const found =
    edge !== undefined
      ? carryAt(scopes, edge)
      : node === undefined
        ? outputAt(scopes[0], path)
        : nodeAt(scopes, all.get(node), node, path);
  return found === null ? null : { definition, all, ...found };
}

type Found = Pick<ExpressionPlace, "scope" | "reader">;

function carryAt(scopes: readonly JudgedScope[], { scope: id, edge }: NonNullable<FieldAt["edge"]>): Found | null {
  const scope = scopes.find(({ inside }) => (inside?.map.id ?? null) === id);
  if (scope === undefined) return null;
  const at = scope.graph.edges.findIndex((each) => isEdge(each, edge, scope.graph));
  const loopEdge = loopEdgesOf(scope).find((each) => each.at === at);
  if (loopEdge === undefined) return null;
  return { scope, reader: { kind: "carry", ordinal: loopEdge.from, edge: loopEdge } };
}

function outputAt(scope: JudgedScope | undefined, [name]: Path): Found | null {
  return scope !== undefined && name === "output" ? { scope, reader: { kind: "output", ordinal: null } } : null;
}

function nodeAt(scopes: readonly JudgedScope[], scope: JudgedScope | undefined, id: string, path: Path): Found | null {
  const ordinal = scope?.ordinals.get(id);
  const node = scope?.graph.nodes[ordinal ?? -1];
  if (scope === undefined || ordinal === undefined || node === undefined) return null;
  if (node.type === "map" && path[0] === "body") {
    const body = scopes.find(({ inside }) => inside?.map.id === id);
    if (body === undefined) return null;
    return body.inside?.isTask ? taskOf(body, path.slice(1)) : outputAt(body, path.slice(1));
  }
  const field = fieldOf(node, path);
  return field === null ? null : { scope, reader: { kind: "field", ordinal, field: field.name } };
}

/** The one task of a body that is written short. */
function taskOf(body: JudgedScope, path: Path): Found | null {
  const [task] = body.graph.nodes;
  const field = task === undefined ? null : fieldOf(task, path);
  return field === null ? null : { scope: body, reader: { kind: "field", ordinal: 0, field: field.name } };
}

/** It is an expression as it stands, without a `=`. */
export function isBareAt({ scope, reader }: ExpressionPlace): boolean {
  const node = scope.graph.nodes[reader.ordinal ?? -1];
  return reader.kind === "field" && node !== undefined && isBare(node, reader.field);
}

function loopEdgesOf({ loops }: JudgedScope): LoopEdge[] {
  return loops.all.flatMap((loop) => loop.edges);
}

/** What can be read there, by the validator's own judgement. */
export function rootsAt(place: ExpressionPlace): Root[] {
  const expression = placed(place, "");
  return ROOTS.filter(
    (root) => missingRoot(expression, { root, segments: [], text: root, tested: false, position: 0 }) === null,
  );
}

/** The nearest ones first: those of its own graph before those around it, and the later ones before the earlier. */
export function stepsAt(place: ExpressionPlace): SeenStep[] {
  const expression = placed(place, "");
  return outwards(place.scope).flatMap((scope) =>
    scope.graph.nodes
      .flatMap((node, ordinal): SeenStep[] => {
        const sight = sightOf(expression, scope, ordinal);
        // Where edges lead in a circle there is no before; then the validator lets everything be read.
        if (sight === null) return [{ id: node.id, node, scope, isCertain: false }];
        return sight.canHaveRun ? [{ id: node.id, node, scope, isCertain: sight.isCertain }] : [];
      })
      .reverse(),
  );
}

/** As the validator takes it. */
export function placed({ scope, reader }: ExpressionPlace, source: string): PlacedExpression {
  const node = scope.graph.nodes[reader.ordinal ?? -1]?.id;
  const reads = { paths: [], steps: new Set<string>(), anyStep: false };
  return { scope, reader, place: { path: "", ...(node === undefined ? {} : { node }) }, source, reads };
}

/** The place of a field of a node around it. */
export function placeWithin(
  place: ExpressionPlace,
  scope: JudgedScope,
  ordinal: number,
  field: string,
): ExpressionPlace {
  return { ...place, scope, reader: { kind: "field", ordinal, field } };
}

/** The name under which results of the step are recorded: the maps around it and its own. */
export function pathOf(scope: JudgedScope, id: string): string {
  return scope.inside === null ? id : `${pathOf(scope.inside.scope, scope.inside.map.id)}/${id}`;
}
