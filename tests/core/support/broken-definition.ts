/** Ways to break a valid definition, each by one rule, with the code that must be found then. */
import fc from "fast-check";
import type { Definition, Edge, Node, TaskNode } from "@/lib/contract/definition";
import { MAX_ITEMS } from "@/lib/contract/limits";
import { portsOf } from "@/lib/core/definition/ports";
import { Dice, GRAPH_ROLLS } from "./dice";
import { type GraphOptions, randomDefinition } from "./random-definition";
import { FEATURES } from "./random-parts";

export interface BrokenDefinition {
  readonly definition: Definition;
  readonly breach: string;
  readonly code: string;
}

/** A random definition with one rule broken, somewhere in it. */
export function arbitraryBrokenDefinition({
  features = FEATURES,
  ...options
}: GraphOptions = {}): fc.Arbitrary<BrokenDefinition> {
  return fc.tuple(GRAPH_ROLLS, GRAPH_ROLLS, fc.nat({ max: BREACHES.length - 1 })).map(([rolls, more, first]) => {
    const definition = randomDefinition(new Dice(rolls), { features, ...options });
    const ordered = [...BREACHES.slice(first), ...BREACHES.slice(0, first)];
    for (const breach of ordered) {
      const broken = breakRule(definition, breach, new Dice(more));
      if (broken !== null) return broken;
    }
    throw new Error("no rule could be broken");
  });
}

/** Null where the definition has nothing that could break the rule. */
export function breakRule(definition: Definition, breach: Breach, dice: Dice): BrokenDefinition | null {
  const copy = structuredClone(definition);
  const graph = dice.pick(graphsOf(copy));
  const broken = breach.apply({ definition: copy, graph, dice });
  return broken ? { definition: copy, breach: breach.name, code: breach.code } : null;
}

interface Graph {
  nodes: Node[];
  edges: Edge[];
}

function graphsOf(graph: Graph): Graph[] {
  return [
    graph,
    ...graph.nodes.flatMap((node) => (node.type === "map" && "nodes" in node.body ? graphsOf(node.body) : [])),
  ];
}

interface Target {
  readonly definition: Definition;
  readonly graph: Graph;
  readonly dice: Dice;
}

export interface Breach {
  readonly name: string;
  readonly code: string;
  /** Whether there was anything to break. */
  readonly apply: (target: Target) => boolean;
}

/** Nodes that nothing leads to or from, to be led wherever a rule forbids. */
function strangers({ graph }: Target, ...ids: string[]): TaskNode[] {
  const nodes = ids.map((id): TaskNode => ({ id, type: "task", task: "t", input: 1, ports: ["astray"] }));
  graph.nodes.push(...nodes);
  return nodes;
}

function pickNode<T extends Node["type"]>({ graph, dice }: Target, ...types: T[]): Extract<Node, { type: T }> | null {
  const found = graph.nodes.filter((node): node is Extract<Node, { type: T }> =>
    types.some((type) => type === node.type),
  );
  return found.length === 0 ? null : dice.pick(found);
}

function pickEdge({ graph, dice }: Target, which: (edge: Edge) => boolean): Edge | null {
  const found = graph.edges.filter(which);
  return found.length === 0 ? null : dice.pick(found);
}

const isLoop = ({ loop }: Edge) => loop !== undefined;
const isForward = ({ loop }: Edge) => loop === undefined;

/** A breach that changes one node of a type. */
function ofNode<T extends Node["type"]>(
  name: string,
  code: string,
  types: T[],
  change: (node: Extract<Node, { type: T }>, target: Target) => void,
): Breach {
  return {
    name,
    code,
    apply(target) {
      const node = pickNode(target, ...types);
      if (node === null) return false;
      change(node, target);
      return true;
    },
  };
}

export const BREACHES: readonly Breach[] = [
  {
    name: "two nodes of one id",
    code: "DUPLICATE_ID",
    apply(target) {
      strangers(target, target.dice.pick(graphsOf(target.definition).flatMap(({ nodes }) => nodes)).id);
      return true;
    },
  },
  {
    name: "an edge to nowhere",
    code: "UNKNOWN_NODE",
    apply({ graph, dice }) {
      const [edge] = graph.edges.length === 0 ? [] : [dice.pick(graph.edges)];
      if (edge === undefined) return false;
      edge[dice.once(2) ? "to" : "from"] = "nowhere";
      return true;
    },
  },
  {
    name: "an edge out of a map",
    code: "UNKNOWN_NODE",
    apply({ definition, graph, dice }) {
      const other = graphsOf(definition).find((each) => each !== graph);
      const [from, to] = [graph.nodes[0], other && dice.pick(other.nodes)];
      if (from === undefined || to === undefined) return false;
      graph.edges.push({ from: from.id, port: "error", to: to.id });
      return true;
    },
  },
  {
    name: "an edge from a port that there is not",
    code: "UNKNOWN_PORT",
    apply({ graph, dice }) {
      const [edge] = graph.edges.length === 0 ? [] : [dice.pick(graph.edges)];
      if (edge === undefined) return false;
      edge.port = "maybe";
      return true;
    },
  },
  {
    name: "an edge that leads back and does not say so",
    code: "CYCLE",
    apply(target) {
      const edge = pickEdge(target, isForward);
      const to = target.graph.nodes.find(({ id }) => id === edge?.to);
      if (edge === null || to === undefined || portsOf(to).length === 0) return false;
      target.graph.edges.push({ from: edge.to, port: "error", to: edge.from });
      return true;
    },
  },
  {
    name: "a loop to a node that does not lead there",
    code: "LOOP_TARGET",
    apply(target) {
      strangers(target, "there", "here");
      target.graph.edges.push({ from: "here", port: "astray", to: "there", loop: {} });
      return true;
    },
  },
  {
    name: "an edge into the middle of a loop",
    code: "LOOP_ENTRY",
    apply(target) {
      const edge = pickEdge(target, (it) => isLoop(it) && it.from !== it.to);
      if (edge === null) return false;
      strangers(target, "outside");
      target.graph.edges.push({ from: "outside", to: edge.from });
      return true;
    },
  },
  {
    name: "another edge on the port of a loop",
    code: "LOOP_PORT",
    apply(target) {
      const edge = pickEdge(target, isLoop);
      if (edge === null) return false;
      strangers(target, "outside");
      target.graph.edges.push({ ...edge, to: "outside", loop: undefined });
      return true;
    },
  },
  {
    name: "a port that leaves a loop and stays in it",
    code: "LOOP_PORT",
    apply(target) {
      const loop = pickEdge(target, (it) => isLoop(it) && it.from !== it.to);
      const inner = pickEdge(target, (it) => isForward(it) && it.to === loop?.from);
      if (loop === null || inner === null) return false;
      strangers(target, "outside");
      target.graph.edges.push({ ...inner, to: "outside" });
      return true;
    },
  },
  {
    name: "a loop that overlaps another one",
    code: "LOOP_OVERLAP",
    apply(target) {
      const loop = pickEdge(target, (it) => isLoop(it) && it.from !== it.to);
      const source = target.graph.nodes.find(({ id }) => id === loop?.from);
      if (loop === null || source?.type !== "task") return false;
      strangers(target, "beyond");
      source.ports = [...(source.ports ?? []), "beyond"];
      target.graph.edges.push({ from: source.id, port: "beyond", to: "beyond" });
      target.graph.edges.push({ from: "beyond", port: "astray", to: source.id, loop: {} });
      return true;
    },
  },
  ofNode(
    "a join of more edges than there are",
    "JOIN_OUT_OF_RANGE",
    ["task", "choice", "sleep", "map"],
    (node, { graph }) => {
      node.join = graph.edges.filter((edge) => isForward(edge) && edge.to === node.id).length + 1;
    },
  ),
  ofNode("a body without nodes", "EMPTY_GRAPH", ["map"], (node) => {
    node.body = { nodes: [], edges: [] };
  }),
  ofNode("a field that there is not", "UNKNOWN_FIELD", ["task", "choice", "sleep", "transform"], (node) => {
    Object.assign(node, { colour: "red" });
  }),
  ofNode("a malformed id", "MALFORMED_ID", ["task", "choice", "sleep", "transform"], (node) => {
    node.id = "not an id";
  }),
  ofNode("a type that there is not", "UNKNOWN_NODE_TYPE", ["task", "choice", "sleep", "transform"], (node) => {
    Object.assign(node, { type: "pause" });
  }),
  ofNode("a duration that is none", "BAD_DURATION", ["sleep"], (node) => {
    node.duration = "a while";
  }),
  ofNode("an instant that is none", "BAD_INSTANT", ["sleep"], (node) => {
    delete node.duration;
    node.until = "tomorrow";
  }),
  ofNode("a sleep of two times", "SLEEP_TIME", ["sleep"], (node) => {
    node.until = "2030-01-01T00:00:00Z";
  }),
  ofNode("an interval above the longest", "RETRY_OUT_OF_BOUNDS", ["task", "http"], (node) => {
    node.retry = { initialInterval: "2s", maxInterval: "1s" };
  }),
  ofNode("no attempt at all", "RETRY_OUT_OF_BOUNDS", ["task", "http"], (node) => {
    node.retry = { maxAttempts: 0 };
  }),
  ofNode("a timeout of nothing", "TIMEOUT_OUT_OF_BOUNDS", ["task", "http"], (node) => {
    node.timeout = { attempt: 0 };
  }),
  ofNode("a wait of nothing", "TIMEOUT_OUT_OF_BOUNDS", ["approval", "signal"], (node) => {
    node.timeout = 0;
  }),
  ofNode("a poll without a pause", "POLL_OUT_OF_BOUNDS", ["task"], (node) => {
    node.poll = { until: "true", interval: 0 };
  }),
  ofNode("a compensation of bad times", "BAD_DURATION", ["task"], (node) => {
    node.compensate = { task: "undo", timeout: { total: "a while" } };
  }),
  ofNode("a queue of the engine's own", "RESERVED_NAME", ["task"], (node) => {
    node.queue = "cerebelum.http";
  }),
  ofNode("a port called error", "RESERVED_PORT", ["task"], (node) => {
    node.ports = [...(node.ports ?? []), "error"];
  }),
  ofNode("an expression that does not parse", "EXPRESSION_SYNTAX", ["task"], (node) => {
    node.input = { x: ["=1 +"] };
  }),
  ofNode("an expression on a step that there is not", "UNKNOWN_STEP", ["task"], (node) => {
    node.input = "=steps.nowhere.output";
  }),
  ofNode("an expression on the step itself", "STEP_NOT_BEFORE", ["task"], (node) => {
    node.input = `=steps.${node.id}.output`;
  }),
  ofNode("an expression on a step inside a map", "NOT_IN_SCOPE", ["map"], (node, { graph }) => {
    const inside = "nodes" in node.body ? node.body.nodes[0]?.id : `${node.id}.item`;
    graph.nodes.push({ id: "peeping", type: "task", task: "t", input: `=steps["${inside}"].status` });
  }),
  ofNode("an expression on a round where nothing polls", "NOT_IN_SCOPE", ["task"], (node) => {
    node.input = "=round";
  }),
  ofNode("an expression on a loop further out than there is one", "NOT_IN_SCOPE", ["task"], (node) => {
    node.input = `=loop${".outer".repeat(20)}.value`;
  }),
  ofNode("items that are no list", "ITEMS_NO_LIST", ["map"], (node) => {
    node.items = "four";
  }),
  ofNode("too many items", "TOO_MANY_ITEMS", ["map"], (node) => {
    node.items = Array.from({ length: MAX_ITEMS + 1 }, (_, i) => i);
  }),
  ofNode("a URL that is none", "BAD_URL", ["http"], (node) => {
    node.request.url = "example.com";
  }),
  ofNode("a failure that is thrown again and is one of its own", "FAIL_RETHROW", ["fail"], (node, { graph }) => {
    node.rethrow = graph.nodes[0]?.id;
    node.code = "X";
  }),
  {
    name: "a workflow that calls itself every time",
    code: "SELF_CALL",
    apply({ definition }) {
      definition.nodes.push({ id: "again", type: "workflow", workflow: definition.name });
      return true;
    },
  },
];
