/**
 * Random definitions, valid by construction: graphs without circles, of every node type, port and join, with loops inside
 * loops, maps inside maps, and expressions that read what is there. They get simpler as their dice run out.
 */
import type fc from "fast-check";
import type { Definition, Edge, MapNode, Node } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import { portsOf } from "@/lib/core/definition/ports";
import { Dice, GRAPH_ROLLS } from "./dice";
import { randomNode } from "./random-node";
import { FEATURES, type Feature } from "./random-parts";

export interface GraphOptions {
  /** Leave out what makes the outcome depend on the order of results: races, and nodes that end all of it. */
  readonly orderFree?: boolean;
  /** Default: none. */
  readonly features?: readonly Feature[];
}

/** Of all features, where nothing else is said. Executions of them are given `{flags: [boolean × 4]}`. */
export function arbitraryDefinition({ features = FEATURES, ...options }: GraphOptions = {}): fc.Arbitrary<Definition> {
  return GRAPH_ROLLS.map((rolls) => randomDefinition(new Dice(rolls), { features, ...options }));
}

export function randomDefinition(dice: Dice, { orderFree = false, features = [] }: GraphOptions = {}): Definition {
  const growth = new Growth(dice, orderFree, new Set(features));
  const nodes = growth.graph(1 + dice.roll(9));
  return { name: "random", ...nodes, ...(!orderFree && dice.once(3) ? { timeout: "8s" } : {}) };
}

/** A node and one of its ports: where an edge may begin. */
interface Exit {
  readonly id: string;
  readonly port: string;
}

/** A node, or a loop: entered at one node, left by exits that nothing inside uses. */
interface Unit {
  readonly entry: string;
  /** What every way through it comes to. */
  readonly last: string;
  readonly exits: readonly Exit[];
}

const MOST_NODES = 24;
const DEEPEST = 2;

class Growth {
  #made = 0;
  #nodes: Node[] = [];
  #edges: Edge[] = [];
  #before = new Map<string, readonly string[]>();
  #around: readonly string[] = [];
  #maps = 0;
  #loops = 0;

  constructor(
    readonly dice: Dice,
    readonly orderFree: boolean,
    readonly features: ReadonlySet<Feature>,
  ) {}

  graph(count: number): { nodes: Node[]; edges: Edge[] } {
    const units: Unit[] = [];
    for (let i = 0; i < count; i++) units.push(this.unit(this.ways(units), i));
    if (this.orderFree) this.handleErrors(units);
    return { nodes: this.#nodes, edges: this.#edges };
  }

  /** One to three ways into the next unit, from what there is. */
  ways(units: readonly Unit[]): Exit[] {
    const left = units.filter(({ exits }) => exits.length > 0);
    if (left.length === 0) return [];
    const ways = Array.from({ length: 1 + this.dice.roll(3) }, () => {
      const { exits } = this.dice.pick(left);
      return this.dice.once(3) ? this.dice.pick(exits) : (exits[this.dice.roll(2)] ?? exits[0]);
    });
    return [...new Map(ways.flatMap((exit) => (exit ? [[`${exit.id}.${exit.port}`, exit]] : []))).values()];
  }

  unit(ways: readonly Exit[], position: number): Unit {
    const mayLoop = this.features.has("loops") && this.#loops < DEEPEST && this.#made < MOST_NODES;
    if (mayLoop && this.dice.once(4)) return this.loop(ways);
    return this.node(ways, position === 0 ? [] : ["fail", "succeed"]);
  }

  node(ways: readonly Exit[], endings: readonly Node["type"][], ports: readonly string[] = []): Unit {
    const id = `n${this.#made++}`;
    const before = [...new Set(ways.flatMap((way) => [way.id, ...(this.#before.get(way.id) ?? [])]))];
    const node = randomNode(this.dice, id, ways, endings, {
      has: (feature) => this.features.has(feature),
      orderFree: this.orderFree,
      before: [...before, ...this.#around],
      maps: this.#maps,
      loops: this.#loops,
      ports,
      body: () => this.body(id, before),
    });
    this.#nodes.push(node);
    this.#before.set(id, before);
    for (const { id: from, port } of ways) this.#edges.push({ from, port, to: id });
    return { entry: id, last: id, exits: portsOf(node).map((port) => ({ id, port })) };
  }

  /** A body of one node, or of several that all lead to a last one; it and perhaps another one lead back to the first. */
  loop(ways: readonly Exit[]): Unit {
    this.#loops++;
    const first = this.node(ways, [], ["again"]);
    const units = [first];
    const used = new Set<Exit>();
    for (let count = this.dice.roll(4); count > 0; count--) {
      const inner = this.ways(units.map((unit) => without(unit, used)));
      if (inner.length === 0) break;
      units.push(this.unit(this.use(used, units, inner), 0));
    }
    if (units.length > 1) {
      const loose = units.filter((unit) => !unit.exits.some((exit) => exit.id === unit.last && used.has(exit)));
      const ends = loose.map((unit) => this.dice.pick(without(unit, used).exits.filter(({ id }) => id === unit.last)));
      units.push(this.node(this.use(used, units, ends), [], ["again"]));
    }
    this.#loops--;
    const last = units.at(-1) ?? first;
    this.leadBack(last.exits.find(({ port }) => port === "again") ?? this.dice.pick(last.exits), first.entry, used);
    const others = units.flatMap((unit) => without(unit, used).exits.filter(({ id }) => id !== last.last));
    if (others.length > 0 && this.dice.once(3)) this.leadBack(this.dice.pick(others), first.entry, used);
    return { entry: first.entry, last: last.last, exits: units.flatMap((unit) => without(unit, used).exits) };
  }

  /** From now on these exits stay inside. */
  use(used: Set<Exit>, units: readonly Unit[], ways: readonly Exit[]): readonly Exit[] {
    const all = units.flatMap(({ exits }) => exits);
    for (const way of ways) {
      const exit = all.find(({ id, port }) => id === way.id && port === way.port);
      if (exit !== undefined) used.add(exit);
    }
    return ways;
  }

  leadBack(exit: Exit, to: string, used: Set<Exit>) {
    used.add(exit);
    const carry: JsonValue = this.features.has("reads") ? { turn: "=loop.iteration", before: "=loop.value" } : 1;
    const maxIterations = 2 + this.dice.roll(2);
    this.#edges.push({
      from: exit.id,
      port: exit.port,
      to,
      loop: { maxIterations, ...(this.dice.once(2) ? { carry } : {}) },
    });
  }

  body(map: string, before: readonly string[]): MapNode["body"] {
    if (this.#maps === DEEPEST || this.#made >= MOST_NODES || this.dice.once(3)) {
      return {
        task: "t",
        retry: { maxAttempts: 1 },
        ...(this.features.has("reads") ? { input: "=[item, index]" } : {}),
      };
    }
    const outside = { nodes: this.#nodes, edges: this.#edges, around: this.#around };
    this.#nodes = [];
    this.#edges = [];
    this.#around = [...outside.around, ...before].filter((id) => id !== map);
    this.#maps++;
    const graph = this.graph(1 + this.dice.roll(3));
    this.#maps--;
    this.#nodes = outside.nodes;
    this.#edges = outside.edges;
    this.#around = outside.around;
    return { ...graph, ...(this.dice.once(2) ? { output: "=index" } : {}) };
  }

  /** Every error leads somewhere, so that none ends the execution before other results are in. */
  handleErrors(units: readonly Unit[]) {
    const id = `handler${this.#made++}`;
    this.#nodes.push({ id, type: "transform", value: 1, join: "any", keepLosers: true });
    for (const { exits } of units) {
      for (const exit of exits) if (exit.port === "error") this.#edges.push({ from: exit.id, port: "error", to: id });
    }
  }
}

function without(unit: Unit, used: ReadonlySet<Exit>): Unit {
  return { ...unit, exits: unit.exits.filter((exit) => !used.has(exit)) };
}
