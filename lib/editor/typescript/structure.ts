/**
 * A graph as a timeline: elements one after another, arms that meet again, groups, jumps. What every path to a node leads
 * through (its dominator) says in whose sequence it stands; from wherever else it is reached, a jump leads to it.
 */
import type { ChoiceNode, Edge, FailNode, Node, SucceedNode } from "../../contract/definition";
import { defaultPort, ERROR_PORT, OTHERWISE_PORT } from "../../core/definition/ports";
import { dominators } from "./dominators";
import { Unsayable } from "./unsayable";

export type Part =
  | { readonly is: "node"; readonly node: Exclude<Node, ChoiceNode | FailNode | SucceedNode> }
  | { readonly is: "end"; readonly node: FailNode | SucceedNode }
  | { readonly is: "choice"; readonly node: ChoiceNode; readonly arms: readonly Arm[] }
  /** Where the ports of the node before lead. */
  | { readonly is: "rules"; readonly after: string; readonly main: string; readonly arms: readonly Arm[] }
  | { readonly is: "group"; readonly strands: readonly Parts[] }
  | { readonly is: "back"; readonly to: string; readonly loop: NonNullable<Edge["loop"]> }
  | { readonly is: "skip"; readonly to: string }
  | { readonly is: "stop" };
export type Parts = readonly Part[];

export interface Arm {
  readonly port: string;
  readonly parts: Parts;
}

interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** `isFlat`: where one arm goes on for long and the others are short, it stands in the timeline and they jump. */
export function structureOf(graph: Graph, isFlat: boolean): Parts {
  return new Structure(graph, isFlat).whole();
}

const START = "";

class Structure {
  private readonly nodes: ReadonlyMap<string, Node>;
  /** By vertex: nodes by id, and the ports of nodes that lead on, as `id port`. */
  private readonly outs = new Map<string, string[]>();
  private readonly loops = new Map<string, Edge>();
  private readonly ports = new Map<string, string[]>();
  /** What each vertex dominates itself, in topological order. */
  private readonly inside = new Map<string, string[]>();
  private readonly known = new Map<string, Parts>();

  constructor(
    { nodes, edges }: Graph,
    private readonly isFlat: boolean,
  ) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    if (this.nodes.size < nodes.length) throw new Unsayable("Two nodes have the same id.");
    for (const node of nodes) this.ports.set(node.id, mainPortsOf(node));
    for (const edge of edges) this.link(edge);
    const heads = new Set(edges.filter(({ loop }) => loop === undefined).map(({ to }) => to));
    this.outs.set(
      START,
      nodes.map(({ id }) => id).filter((id) => !heads.has(id)),
    );
    for (const [id, ports] of this.ports) {
      this.outs.set(
        id,
        ports.map((port) => `${id} ${port}`),
      );
      for (const port of ports) if (!this.outs.has(`${id} ${port}`)) this.outs.set(`${id} ${port}`, []);
    }
    const { order, idom } = dominators(this.outs, START);
    if (order.length < this.outs.size) throw new Unsayable("A cycle in the graph has no loop edge.");
    for (const vertex of order) {
      const above = idom.get(vertex);
      if (above === undefined) continue;
      const kids = this.inside.get(above);
      if (kids === undefined) this.inside.set(above, [vertex]);
      else kids.push(vertex);
    }
  }

  whole(): Parts {
    return this.after(START, null);
  }

  private link(edge: Edge): void {
    const source = this.nodes.get(edge.from);
    if (source === undefined || !this.nodes.has(edge.to)) throw new Unsayable("An edge leads to or from no node.");
    const port = edge.port ?? defaultPort(source);
    if (edge.port !== undefined && port === defaultPort(source) && source.type !== "choice")
      throw new Unsayable(`The edge from "${source.id}" names its usual port.`);
    const vertex = `${edge.from} ${port}`;
    const ports = this.ports.get(edge.from);
    if (!ports?.includes(port)) ports?.push(port);
    if (edge.loop !== undefined) this.loops.set(vertex, edge);
    else this.outs.set(vertex, [...(this.outs.get(vertex) ?? []), edge.to]);
  }

  /** All that stands behind a port, until `next` follows by itself; null: nothing does. */
  private after(vertex: string, next: string | null): Parts {
    const key = `${vertex} ${next}`;
    const parts = this.known.get(key) ?? this.behind(vertex, next);
    this.known.set(key, parts);
    return parts;
  }

  private behind(vertex: string, next: string | null): Parts {
    const back = this.loops.get(vertex);
    const targets = this.outs.get(vertex) ?? [];
    if (back?.loop !== undefined) {
      if (targets.length > 0) throw new Unsayable("A port leads both back and on.");
      return [{ is: "back", to: back.to, loop: back.loop }];
    }
    const inside = this.inside.get(vertex) ?? [];
    const [target] = targets;
    if (target === undefined) return next === null ? [] : [{ is: "stop" }];
    if (targets.length === 1) return inside.includes(target) ? this.from(target, next) : this.to(target, next);
    const isStrand = (id: string) => targets.includes(id) && this.sourcesOf(id) === 1;
    const joins = inside.filter((id) => !isStrand(id));
    const first = joins[0] ?? next;
    const strands = targets.map((id) =>
      isStrand(id) && inside.includes(id) ? this.from(id, first) : this.to(id, first),
    );
    return [{ is: "group", strands }, ...this.inRow(joins, next)];
  }

  private sourcesOf(id: string): number {
    let found = 0;
    for (const outs of this.outs.values()) if (outs.includes(id)) found++;
    return found;
  }

  private to(target: string, next: string | null): Part[] {
    return target === next ? [] : [{ is: "skip", to: target }];
  }

  private inRow(ids: readonly string[], next: string | null): Part[] {
    return ids.flatMap((id, i) => this.from(id, ids[i + 1] ?? next));
  }

  /** The node, and all that can only be reached through it. */
  private from(start: string, next: string | null): Part[] {
    const parts: Part[] = [];
    // Along the timeline without recursion, for it may be long.
    for (let id = start; ; ) {
      const node = this.nodes.get(id);
      if (node === undefined) throw new Unsayable("The graph cannot be read.");
      if (node.type === "fail" || node.type === "succeed") {
        parts.push({ is: "end", node });
        return parts;
      }
      const joins = (this.inside.get(id) ?? []).filter((vertex) => this.nodes.has(vertex));
      if (node.type === "choice") {
        parts.push(...this.choice(node, joins, next));
        return parts;
      }
      parts.push({ is: "node", node });
      const main = `${id} ${defaultPort(node)}`;
      const others = (this.ports.get(id) ?? []).filter((port) => port !== defaultPort(node));
      if (others.length > 0) {
        parts.push(...this.rules(node, others, joins, next));
        return parts;
      }
      const [only, ...more] = this.outs.get(main) ?? [];
      if (this.loops.has(main) || only === undefined || more.length > 0 || !this.inside.get(main)?.includes(only)) {
        parts.push(...this.after(main, next));
        return parts;
      }
      id = only;
    }
  }

  private choice(node: ChoiceNode, joins: readonly string[], next: string | null): Part[] {
    if (this.ports.get(node.id)?.includes(ERROR_PORT))
      throw new Unsayable(`An edge leads from the error of the choice "${node.id}".`);
    const ports = [...node.cases.map(({ port }) => port), OTHERWISE_PORT];
    if (new Set(ports).size < ports.length) throw new Unsayable(`Two cases of "${node.id}" share a port.`);
    if (this.ports.get(node.id)?.some((port) => !ports.includes(port)))
      throw new Unsayable(`An edge leads from a port that "${node.id}" has not.`);
    const { arms, rest } = this.arms(node.id, ports, OTHERWISE_PORT, joins, next);
    return [{ is: "choice", node, arms }, ...rest];
  }

  private rules(node: Node, others: readonly string[], joins: readonly string[], next: string | null): Part[] {
    if (node.type === "sleep") throw new Unsayable(`An edge leads from the error of the sleep "${node.id}".`);
    const main = defaultPort(node);
    const { arms, rest } = this.arms(node.id, [main, ...others], main, joins, next);
    // What goes on as usual is no arm, where it has no steps of its own.
    const led = arms.filter(({ port, parts }) => port !== main || parts.length > 0);
    return [{ is: "rules", after: node.id, main, arms: led }, ...rest];
  }

  /** The main arm stands behind the others, where none of those comes back to what follows. */
  private arms(id: string, ports: readonly string[], main: string, joins: readonly string[], next: string | null) {
    const first = joins[0] ?? next;
    const nested = ports.map((port) => ({ port, parts: this.after(`${id} ${port}`, first) }));
    const others = nested.filter(({ port }) => port !== main);
    const mainParts = nested.find(({ port }) => port === main)?.parts ?? [];
    const head = this.outs.get(`${id} ${main}`)?.[0];
    const leads = (parts: Parts) => !ends(parts);
    if (mainParts.length > 0 && head !== undefined && !ends(mainParts.slice(0, 1))) {
      if (!others.some(({ parts }) => leads(parts)))
        return { arms: others, rest: [...mainParts, ...this.inRow(joins, next)] };
      if (
        this.isFlat &&
        this.outs.get(`${id} ${main}`)?.length === 1 &&
        this.inside.get(`${id} ${main}`)?.includes(head)
      ) {
        const flat = others.map(({ port }) => ({ port, parts: this.after(`${id} ${port}`, head) }));
        if (!flat.some(({ parts }) => leads(parts)))
          return { arms: flat, rest: [...mainParts, ...this.inRow(joins, next)] };
      }
    }
    const arms = nested.filter(({ port, parts }) => port !== main || parts.length > 0);
    return { arms, rest: this.inRow(joins, next) };
  }
}

/** Whether nothing goes on behind it. */
function ends(parts: Parts): boolean {
  const last = parts.at(-1);
  switch (last?.is) {
    case undefined:
    case "node":
      return false;
    case "group":
      return last.strands.every(ends);
    case "choice":
      return last.arms.length > last.node.cases.length && last.arms.every((arm) => ends(arm.parts));
    case "rules":
      return last.arms.some(({ port }) => port === last.main) && last.arms.every((arm) => ends(arm.parts));
    default:
      return true;
  }
}

/** Those on which a node ends that nothing leads from, too. */
function mainPortsOf(node: Node): string[] {
  if (node.type === "fail" || node.type === "succeed") return [];
  if (node.type === "choice") return [...new Set([...node.cases.map(({ port }) => port), OTHERWISE_PORT])];
  return [defaultPort(node)];
}
