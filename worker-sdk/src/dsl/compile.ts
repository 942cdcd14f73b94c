/** Turns a timeline into nodes and edges. One rule gives every node its input: what the elements before it gave. */
import type { AnyWorkflow } from "../any-workflow";
import type { Edge, Finding, JsonValue, Node } from "../types/definition";
import { Absent } from "./absent";
import {
  type AnyNode,
  type Body,
  Branch,
  type ChoiceOptions,
  type ConditionalArm,
  type Element,
  MapItems,
  type Path,
} from "./elements";
import type { End } from "./end";
import { type FlatElement, flatten, isBare, nameOf } from "./flatten";
import { defined, GraphNode } from "./graph-node";
import { Jumps } from "./jumps";
import { nestLoops } from "./nest-loops";
import { joinOf, nodeOf } from "./node-of";
import type { Sequence } from "./placement";
import type { Context, Exit, Graph, Reached } from "./reached";
import type { Sleep } from "./sleep";
import { type AnyStep, Step } from "./step";
import { taskFields } from "./task-fields";
import { type Template, templateJson } from "./template";
import { firstOf, maybe, type Value, valueTemplate } from "./values";

export interface Compiled {
  nodes: Node[];
  edges: Edge[];
  output: JsonValue | undefined;
  /** Every step that a worker must offer, those of maps and compensations included. */
  steps: AnyStep[];
  children: AnyWorkflow[];
  /** Errors that only the timeline shows. */
  findings: Finding[];
}

export function compile(body: Body, where: string): Compiled {
  const compiler = new Compiler();
  const graph: Graph = { at: "", nodes: [], edges: [] };
  const output = compiler.graph(body, { graph, place: [], rulesOf: null, errorOf: null }, "timeline", where);
  compiler.jumps.finish();
  compiler.nestLoops();
  const { steps, children, findings } = compiler;
  return { nodes: graph.nodes, edges: graph.edges, output, steps, children, findings };
}

class Compiler {
  readonly steps: AnyStep[] = [];
  readonly children: AnyWorkflow[] = [];
  readonly findings: Finding[] = [];
  readonly jumps = new Jumps(this.findings);
  private readonly graphs: Graph[] = [];
  /** By id, how many nodes were there before it. */
  private readonly ids = new Map<string, number>();
  /** Nodes and their ports that a branch leads on. */
  private readonly routed = new Set<string>();

  /** Fills the graph; gives what it returns. */
  graph(body: Body, context: Context, of: "timeline" | "body", where: string): JsonValue | undefined {
    this.graphs.push(context.graph);
    const value: Value = { kind: "root", name: of === "body" ? "item" : "input" };
    const start: Reached = { exits: null, value, certain: true, parallel: false };
    const end = this.sequence(body.elements, start, context, of);
    if (body.output instanceof Absent) return undefined;
    if (body.output !== undefined) return templateJson(body.output, `The output of ${where}`);
    return end.exits?.length === 0 ? undefined : valueTemplate(end.certain ? end.value : maybe(end.value));
  }

  nestLoops(): void {
    for (const graph of this.graphs) nestLoops(graph, (base) => this.reservedId(base));
  }

  private sequence(elements: readonly Element[], start: Reached, context: Context, of: Sequence["of"]): Reached {
    const sequence: Sequence = { of };
    const flat = elements.flatMap(flatten);
    // What stands before a branch must know which of its ports lead on.
    for (const element of flat)
      if (element instanceof Branch)
        for (const { port } of element.arms.ports) this.routed.add(`${element.after} ${port}`);
    return flat.reduce(
      (reached: Reached, element, position) =>
        this.element(element, reached, { ...context, place: [...context.place, { sequence, position }] }),
      start,
    );
  }

  private element(element: FlatElement, before: Reached, context: Context): Reached {
    const at = this.jumps.land(element, before, context, (ways) => this.firstOf(ways));
    if (at.exits?.length === 0) this.refuseUnreachable(element, context);
    if (!("kind" in element)) return this.group(element, at, context);
    switch (element.kind) {
      case "sleep":
        return this.sleep(element, at, context);
      case "end":
        return this.end(element, at, context);
      case "proceed":
        return at;
      case "stop":
        return { ...at, exits: [] };
      case "jump":
        return this.jumps.leave(element, at, context);
      case "branch":
        return this.branch(element, at, context);
      default:
        return this.node(element, at, context);
    }
  }

  private refuseUnreachable(element: FlatElement, { graph }: Context): void {
    const id = element instanceof GraphNode ? element.id : undefined;
    const what = id === undefined ? "Something" : `"${id}"`;
    const message = `${what} stands after the end of its path, where nothing leads. Move or remove it, or skip to it.`;
    this.findings.push(defined({ code: "UNREACHABLE", severity: "error", path: graph.at, node: id, message }));
  }

  private node(element: AnyNode, at: Reached, context: Context): Reached {
    const { join } = element.options;
    const given = valueTemplate(join === undefined || join === "all" ? at.value : maybe(at.value));
    const node = element instanceof MapItems ? this.map(element, given, context) : nodeOf(element, given);
    const reached = this.add(node, at, context);
    if (element instanceof Step) this.offer(element);
    else if (element.kind === "child" && typeof element.workflow !== "string") this.children.push(element.workflow);
    const certain = at.certain && this.staysOn(element);
    return { ...reached, value: { kind: "output", id: element.id }, certain };
  }

  private offer(step: AnyStep): void {
    this.steps.push(step);
    if (step.options.compensate instanceof Step) this.steps.push(step.options.compensate);
  }

  /** Whether every port on which the node may end without failing leads on. */
  private staysOn(element: AnyNode): boolean {
    if (!(element instanceof Step)) return true;
    return (element.options.ports ?? []).every((port) => this.routed.has(`${element.id} ${port}`));
  }

  private map(map: MapItems<string, never, unknown>, given: JsonValue, context: Context): Node {
    const { id, items, body, options } = map;
    const { join, keepLosers, ...rest } = options;
    return {
      id,
      type: "map",
      items: items === undefined ? given : templateJson(items, `The items of map "${id}"`),
      ...defined(rest),
      body: this.body(id, body, context),
      ...joinOf({ join, keepLosers }),
    };
  }

  /** Short where it is one task and nothing else. */
  private body(id: string, body: Body, context: Context): Extract<Node, { type: "map" }>["body"] {
    const [only, ...others] = body.elements;
    if (only instanceof Step && others.length === 0 && body.output === undefined && isBare(only)) {
      this.offer(only);
      return taskFields(only, "=item");
    }
    const at = `${context.graph.at}/nodes/${context.graph.nodes.length}/body`;
    const graph: Graph = { at, nodes: [], edges: [] };
    const output = this.graph(body, { ...context, graph, rulesOf: null, errorOf: null }, "body", `the body of "${id}"`);
    return defined({ nodes: graph.nodes, edges: graph.edges, output });
  }

  private sleep({ wait, options }: Sleep, at: Reached, context: Context): Reached {
    const id = options.id ?? this.freshId("sleep");
    return this.add({ id, type: "sleep", ...wait, ...joinOf(options) }, at, context);
  }

  private end(end: End, at: Reached, context: Context): Reached {
    const { how } = end;
    const id = end.id ?? this.freshId(how.type);
    if (how.type === "succeed") {
      const output = this.succeeded(id, how.output, at);
      this.add(defined({ id, type: "succeed", output }), at, context);
    } else if (how.code === undefined && context.errorOf !== null) this.rethrow(id, context.errorOf, at, context);
    else {
      if (how.code === undefined) this.refuseNameless(id, context);
      const fields = templateJson({ code: how.code, message: how.message }, `The failure of "${id}"`);
      this.add({ id, type: "fail", ...(fields as { code: string; message?: string }) }, at, context);
    }
    return { ...at, exits: [] };
  }

  private succeeded(id: string, output: Template | Absent | undefined, at: Reached): JsonValue | undefined {
    if (output instanceof Absent) return undefined;
    return output === undefined ? valueTemplate(at.value) : templateJson(output, `The output of "${id}"`);
  }

  private rethrow(id: string, rethrow: string, at: Reached, context: Context): void {
    this.add({ id, type: "fail", rethrow }, at, context);
  }

  private refuseNameless(id: string, { graph }: Context): void {
    const message = `Give the failure ${id} a code: failed("NEGATIVE_TOTAL"). Only on the error of a step may it go without.`;
    const path = `${graph.at}/nodes/${graph.nodes.length}`;
    this.findings.push({ code: "FAIL_CODE", severity: "error", path, node: id, message });
  }

  private group(members: readonly Element[], at: Reached, context: Context): Reached {
    const ends = members.map((member) => ({
      name: nameOf(member),
      end: this.sequence([member], { ...at, certain: true }, context, "strand"),
    }));
    const values = ends.flatMap(({ name, end }) =>
      name === undefined ? [] : [{ name, value: end.certain ? end.value : maybe(end.value) }],
    );
    const exits = ends.flatMap(({ end }) => end.exits ?? []);
    return {
      exits,
      value: { kind: "group", members: values },
      certain: at.certain && ends.some(({ end }) => end.certain),
      parallel: ends.filter(({ end }) => end.exits?.length !== 0).length > 1 || ends.some(({ end }) => end.parallel),
    };
  }

  private branch(branch: Branch, at: Reached, around: Context): Reached {
    const { after } = branch;
    const context = { ...around, rulesOf: after };
    const ways = this.results(branch, at, context);
    if (after !== null)
      ways.push(...this.ports(after, branch, at, context), ...this.errors(after, branch, at, context));
    const going = ways.filter(({ exits }) => exits?.length !== 0);
    return {
      exits: going.flatMap(({ exits }) => exits ?? []),
      value: going.length === 0 ? at.value : this.firstOf(going.map(({ value }) => value)),
      certain: at.certain && going.every(({ certain }) => certain),
      parallel: going.some(({ parallel }) => parallel),
    };
  }

  /** The ways that the conditions on the result lead, and the one past them. */
  private results({ after, word, arms, node }: Branch, at: Reached, context: Context): Reached[] {
    if (arms.conditions.length === 0) {
      return arms.otherwise === undefined ? [at] : [this.arm(arms.otherwise, at.exits ?? [], at, context)];
    }
    const choice = this.choice(node ?? { id: this.freshId(`${after}.${word}`) }, arms.conditions, at, context);
    const otherwise: Reached = { ...at, exits: [{ from: choice, port: "otherwise" }], parallel: false };
    return [
      ...arms.conditions.map(({ port, path }) => this.arm(path, [{ from: choice, port }], at, context)),
      arms.otherwise === undefined ? otherwise : this.sequence(arms.otherwise.elements, otherwise, context, "arm"),
    ];
  }

  private ports(after: string, { arms }: Branch, at: Reached, context: Context): Reached[] {
    return arms.ports
      .filter(({ port }) => port !== "error")
      .map(({ port, path }) => this.arm(path, [{ from: after, port }], at, context));
  }

  /** The ways that rules on the error lead; what none of them takes is rethrown. */
  private errors(after: string, { arms }: Branch, at: Reached, around: Context): Reached[] {
    const rest = arms.ports.find(({ port }) => port === "error")?.path;
    const context = { ...around, errorOf: after };
    const failed: Reached = {
      exits: [{ from: after, port: "error" }],
      value: { kind: "error", id: after },
      certain: at.certain,
      parallel: false,
    };
    if (arms.errors.length === 0) return rest ? [this.sequence(rest.elements, failed, context, "arm")] : [];
    const choice = this.choice({ id: this.freshId(`${after}.errors`) }, arms.errors, failed, context);
    const otherwise = { ...failed, exits: [{ from: choice, port: "otherwise" }] };
    if (rest === undefined) this.rethrow(this.freshId(`${after}.rethrow`), after, otherwise, context);
    return [
      ...arms.errors.map(({ port, path }) => this.arm(path, [{ from: choice, port }], failed, context)),
      ...(rest ? [this.sequence(rest.elements, otherwise, context, "arm")] : []),
    ];
  }

  private choice(node: ChoiceOptions, arms: readonly ConditionalArm[], at: Reached, context: Context): string {
    const cases = arms.map(({ port, when }) => ({ port, when }));
    this.add({ id: node.id, type: "choice", cases, ...joinOf(node) }, at, context);
    return node.id;
  }

  private arm(path: Path, exits: readonly Exit[], at: Reached, context: Context): Reached {
    return this.sequence(path.elements, { ...at, exits, parallel: false }, context, "arm");
  }

  private add(node: Node, at: Reached, { graph }: Context): Reached {
    if (this.ids.has(node.id)) {
      const message = `Two places of the workflow have the id "${node.id}". Give one of them another: step.as("…"), or the option id.`;
      const path = `${graph.at}/nodes/${graph.nodes.length}/id`;
      this.findings.push({ code: "DUPLICATE_ID", severity: "error", path, node: node.id, message });
    } else {
      this.ids.set(node.id, this.ids.size);
    }
    graph.nodes.push(node);
    for (const exit of at.exits ?? []) graph.edges.push({ ...exit, to: node.id });
    return { ...at, exits: [{ from: node.id }], parallel: false };
  }

  private firstOf(ways: readonly Value[]): Value {
    return firstOf(ways, (id) => this.ids.get(id) ?? -1);
  }

  private reservedId(base: string): string {
    const id = this.freshId(base);
    this.ids.set(id, this.ids.size);
    return id;
  }

  private freshId(base: string): string {
    if (!this.ids.has(base)) return base;
    let n = 2;
    while (this.ids.has(`${base}_${n}`)) n++;
    return `${base}_${n}`;
  }
}
