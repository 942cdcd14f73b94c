/**
 * What is known of everything that an expression can read in its place: by schemas, by what each type of node gives, by how a
 * value is computed, and by what a past execution recorded.
 */
import type { Node } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import type { JudgedScope } from "../../core/definition/scopes";
import { ROOTS, type Root } from "../../core/expressions/environment";
import { type Binding, bindingsAt, type Chain, chainEndingAt } from "./chains";
import { givenBy, macroNames } from "./language";
import { type ExpressionPlace, pathOf, placeWithin, stepsAt } from "./place";
import type { Samples } from "./samples";
import {
  ANY,
  BOOLEAN,
  elementOf,
  known,
  listOf,
  type Member,
  memberOf,
  NULL,
  NUMBER,
  object,
  oneOf,
  type Shape,
  STRING,
  shapeOfSchema,
  shapeOfValue,
  TIMESTAMP,
  union,
} from "./shapes";
import { tokensOf } from "./tokens";

/** What is computed from what is computed: further than that nobody looks. */
const DEPTH = 8;
const STATUSES = ["pending", "scheduled", "waiting", "retrying", "completed", "failed", "skipped", "cancelled"];
const ERROR = object({ code: STRING, message: STRING, details: { shape: ANY, mayBeMissing: true } });
const roots: ReadonlySet<string> = new Set(ROOTS);

export class Knowledge {
  readonly #steps = new Map<string, Shape>();

  constructor(
    readonly place: ExpressionPlace,
    readonly samples: Samples | null,
    private readonly depth = 0,
  ) {}

  root(name: Root): Shape {
    const { scope, reader } = this.place;
    switch (name) {
      case "input":
        return known(shapeOfSchema(this.place.definition.inputSchema), this.samples?.input);
      case "steps":
        return { kind: "object", members: new Map(stepsAt(this.place).map((step) => [step.id, this.#member(step)])) };
      case "execution":
        return EXECUTION;
      case "item":
        return this.#item(scope);
      case "index":
      case "round":
        return NUMBER;
      case "outer":
        return scope.inside === null ? ANY : this.#outer(scope.inside.scope);
      case "loop":
        return this.#loop(scope, reader.ordinal, 0);
      case "output": {
        const own = scope.graph.nodes[reader.ordinal ?? -1];
        return own === undefined ? ANY : this.output(scope, own);
      }
    }
  }

  /** Of a step that completed. */
  output(scope: JudgedScope, node: Node): Shape {
    const path = pathOf(scope, node.id);
    const found = this.#steps.get(path);
    if (found !== undefined) return found;
    // Whoever asks for it while it is looked at goes in a circle.
    this.#steps.set(path, ANY);
    const shape = known(this.#said(scope, node), this.samples?.steps[path]?.output);
    this.#steps.set(path, shape);
    return shape;
  }

  /** Of what is read in one chain. */
  chain({ head, links }: Chain, bindings: readonly Binding[]): Shape {
    let shape: Shape =
      head.kind === "name" ? this.#named(head.name, bindings) : head.kind === "call" ? givenBy(head.name, null) : ANY;
    for (const link of links) {
      if (link.kind === "member") shape = memberOf(shape, link.key);
      else if (link.kind === "element") shape = elementOf(shape);
      else shape = givenBy(link.name, shape);
    }
    return shape;
  }

  /** Of what a template gives, as seen from this place. */
  template(source: JsonValue | undefined): Shape {
    if (source === undefined) return NULL;
    if (typeof source === "string") {
      if (!source.startsWith("=")) return STRING;
      return source.startsWith("==") ? STRING : this.expression(source.slice(1));
    }
    if (source === null || typeof source !== "object") return shapeOfValue(source);
    if (Array.isArray(source)) return listOf(union(...source.map((each) => this.template(each))));
    return object(Object.fromEntries(Object.entries(source).map(([name, each]) => [name, this.template(each)])));
  }

  /** Of one chain that is the whole expression; of anything that is computed only what its last sign says. */
  expression(text: string): Shape {
    const tokens = tokensOf(text).filter(({ kind }) => kind !== "comment");
    const chain = chainEndingAt(tokens, tokens.length - 1);
    const [first] = tokens;
    if (chain !== null && first !== undefined && chain.from === first.from) {
      if (chain.head.kind === "other" && chain.links.length === 0) return literal(tokens[0]?.kind, tokens.length);
      return this.chain(chain, bindingsAt(tokens, 0, macroNames()) ?? []);
    }
    return tokens.some(({ text }) => COMPARING.has(text)) && !tokens.some(({ text }) => text === "?") ? BOOLEAN : ANY;
  }

  /** The same knowledge from another place, one step further away. */
  from(scope: JudgedScope, ordinal: number, field: string): Knowledge {
    return new Knowledge(placeWithin(this.place, scope, ordinal, field), this.samples, this.depth + 1);
  }

  #named(name: string, bindings: readonly Binding[]): Shape {
    const at = bindings.findLastIndex((binding) => binding.name === name);
    const binding = bindings[at];
    if (binding !== undefined)
      return binding.list === null ? ANY : elementOf(this.chain(binding.list, bindings.slice(0, at)));
    if (name === "true" || name === "false") return BOOLEAN;
    if (name === "null") return NULL;
    return roots.has(name) ? this.root(name as Root) : ANY;
  }

  #member({ id, node, scope, isCertain }: ReturnType<typeof stepsAt>[number]): Member {
    const output = this.output(scope, node);
    const shape = object({
      status: oneOf(...STATUSES),
      iteration: NUMBER,
      output: { shape: output, ...(isCertain ? {} : { mayBeMissing: true }) },
      error: { shape: ERROR, mayBeMissing: true },
    });
    const note = "description" in node && typeof node.description === "string" ? node.description : undefined;
    return {
      shape,
      ...(isCertain ? {} : { mayBeMissing: true }),
      ...(note === undefined || id === note ? {} : { note }),
    };
  }

  #said(scope: JudgedScope, node: Node): Shape {
    if (this.depth >= DEPTH) return ANY;
    const ordinal = scope.ordinals.get(node.id) ?? -1;
    switch (node.type) {
      case "approval":
        return object({
          decision: oneOf("approved", "rejected", "expired"),
          data: node.form === undefined ? ANY : shapeOfSchema(node.form as JsonValue),
          comment: union(STRING, NULL),
          decidedBy: union(STRING, NULL),
        });
      case "http":
        return object({ status: NUMBER, headers: object({}, STRING), body: ANY });
      case "transform":
        return this.from(scope, ordinal, "value").template(node.value);
      case "succeed":
        return this.from(scope, ordinal, "output").template(node.output);
      case "map":
        return this.#mapped(node, scope);
      case "workflow":
        return node.wait === false ? object({ executionId: STRING }) : ANY;
      case "choice":
      case "sleep":
      case "fail":
        return NULL;
      case "task":
      case "signal":
        return ANY;
    }
  }

  #mapped(node: Extract<Node, { type: "map" }>, scope: JudgedScope): Shape {
    const body = this.#bodyOf(node, scope);
    const item = body === null ? ANY : this.#itemOutput(body);
    if (node.failure !== "continue") return listOf(item);
    return listOf(
      object({
        status: oneOf("completed", "failed"),
        output: { shape: item, mayBeMissing: true },
        error: { shape: ERROR, mayBeMissing: true },
      }),
    );
  }

  /** The scope of a map's body, as far as the place's own scopes lead there. */
  #bodyOf(node: Extract<Node, { type: "map" }>, scope: JudgedScope): JudgedScope | null {
    const inner = "nodes" in node.body ? node.body.nodes[0]?.id : `${node.id}.item`;
    const body = this.place.all.get(inner ?? "");
    return body?.inside?.scope === scope ? body : null;
  }

  #itemOutput(body: JudgedScope): Shape {
    const { graph, inside } = body;
    const [only] = graph.nodes;
    if (inside?.isTask && only !== undefined) return this.output(body, only);
    const place: ExpressionPlace = { ...this.place, scope: body, reader: { kind: "output", ordinal: null } };
    if (graph.output !== undefined) return new Knowledge(place, this.samples, this.depth + 1).template(graph.output);
    const sources = new Set(graph.edges.map(({ from }) => from));
    const sinks = graph.nodes.filter(({ id }) => !sources.has(id));
    return object(
      Object.fromEntries(sinks.map((node) => [node.id, { shape: this.output(body, node), mayBeMissing: true }])),
    );
  }

  #item({ inside }: JudgedScope): Shape {
    if (inside === null) return ANY;
    const { scope, ordinal, map } = inside;
    const list = this.samples?.items[pathOf(scope, map.id)]?.list;
    const said = this.depth >= DEPTH ? ANY : this.from(scope, ordinal, "items").template(map.items);
    return elementOf(known(said, list === undefined ? undefined : [...list]));
  }

  #outer(scope: JudgedScope): Shape {
    if (scope.inside === null) return ANY;
    const own = { item: this.#item(scope), index: NUMBER };
    return object(scope.inside.scope.inside === null ? own : { ...own, outer: this.#outer(scope.inside.scope) });
  }

  #loop(scope: JudgedScope, ordinal: number | null, from: number): Shape {
    const number = scope.nodes[ordinal ?? -1]?.loops[from];
    if (number === undefined)
      return scope.inside === null ? ANY : this.#loop(scope.inside.scope, scope.inside.ordinal, 0);
    const loop = scope.loops.all[number];
    const carried = (loop?.edges ?? []).map((edge) => {
      if (this.depth >= DEPTH) return ANY;
      const place: ExpressionPlace = { ...this.place, scope, reader: { kind: "carry", ordinal: edge.from, edge } };
      return new Knowledge(place, this.samples, this.depth + 1).template(edge.carry);
    });
    const target = scope.graph.nodes[loop?.target ?? -1]?.id ?? "";
    const value = union(known(union(...carried), this.samples?.loops[pathOf(scope, target)]?.value), NULL);
    const outer = this.#loop(scope, ordinal, from + 1);
    const own = { iteration: NUMBER, value };
    return object(outer.kind === "any" ? own : { ...own, outer });
  }
}

const COMPARING: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"]);

function literal(kind: string | undefined, tokens: number): Shape {
  if (tokens !== 1) return ANY;
  return kind === "string" ? STRING : kind === "number" ? NUMBER : ANY;
}

const EXECUTION = object({
  id: STRING,
  workflow: STRING,
  version: NUMBER,
  startedAt: TIMESTAMP,
  tags: listOf(STRING),
  correlationId: union(STRING, NULL),
  key: union(STRING, NULL),
});
