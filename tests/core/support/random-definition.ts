/** Random graphs without cycles, of every node type, port and join. */
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import { portsOf } from "@/lib/core/definition/graph";
import type { Dice } from "./dice";

export interface GraphOptions {
  /** Leave out what makes the outcome depend on the order of results: races, and nodes that end all of it. */
  readonly orderFree?: boolean;
}

export function randomDefinition(dice: Dice, { orderFree = false }: GraphOptions = {}): Definition {
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  const count = 1 + dice.roll(9);
  for (let i = 0; i < count; i++) {
    const incoming = i === 0 ? [] : randomEdges(dice, nodes, `n${i}`);
    edges.push(...incoming);
    nodes.push(randomNode(dice, `n${i}`, incoming, orderFree));
  }
  if (orderFree) handleErrors(nodes, edges);
  return { name: "random", nodes, edges, ...(!orderFree && dice.once(3) ? { timeout: "8s" } : {}) };
}

function randomEdges(dice: Dice, before: readonly Node[], to: string): Edge[] {
  const edges = new Map<string, Edge>();
  for (let i = 1 + dice.roll(3); i > 0; i--) {
    const source = dice.pick(before);
    const ports = portsOf(source);
    if (ports.length === 0) continue;
    const port = dice.once(3) ? dice.pick(ports) : (ports[dice.roll(2)] ?? "success");
    edges.set(`${source.id}.${port}`, { from: source.id, port, to });
  }
  return [...edges.values()];
}

const COMMON = ["task", "task", "task", "choice", "sleep", "transform"];

function randomNode(dice: Dice, id: string, incoming: readonly Edge[], orderFree: boolean): Node {
  const join = randomJoin(dice, incoming, orderFree);
  const kinds = [...COMMON, ...COMMON, ...COMMON, ...(orderFree ? [] : ["fail", "succeed"])];
  switch (dice.pick(kinds)) {
    case "choice":
      return {
        id,
        ...join,
        type: "choice",
        cases: [
          { port: "yes", when: `input.flags[${dice.roll(4)}]` },
          { port: "no", when: `!input.flags[${dice.roll(4)}]` },
        ],
      };
    case "sleep":
      return { id, ...join, type: "sleep", duration: dice.roll(20) * 1000 };
    case "transform":
      return { id, ...join, type: "transform", value: dice.once(12) ? "=input.missing" : "=size(input.flags)" };
    case "fail": {
      const failed = incoming.find(({ port }) => port === "error");
      return failed === undefined
        ? { id, ...join, type: "fail", code: "F" }
        : { id, ...join, type: "fail", rethrow: failed.from };
    }
    case "succeed":
      return { id, ...join, type: "succeed", output: id };
    default:
      return randomTask(dice, id, join, orderFree);
  }
}

function randomTask(dice: Dice, id: string, join: Partial<Node>, orderFree: boolean): Node {
  return {
    id,
    join: join.join,
    keepLosers: join.keepLosers,
    type: "task",
    task: "t",
    retry: { maxAttempts: 1 + dice.roll(3), jitter: 0.5 },
    ports: ["extra"],
    ...(!orderFree && dice.once(2) ? { timeout: { total: "2s" } } : {}),
  };
}

function randomJoin(dice: Dice, incoming: readonly Edge[], orderFree: boolean): Pick<Node, "join" | "keepLosers"> {
  if (incoming.length === 0) return {};
  const keepLosers = orderFree || dice.once(3) ? { keepLosers: true } : {};
  return { join: dice.pick(["all" as const, "any" as const, 1 + dice.roll(incoming.length)]), ...keepLosers };
}

/** Every error leads somewhere, so that none ends the execution before other results are in. */
function handleErrors(nodes: Node[], edges: Edge[]) {
  nodes.push({ id: "handler", type: "transform", value: 1, join: "any", keepLosers: true });
  for (const { id } of nodes.slice(0, -1)) edges.push({ from: id, port: "error", to: "handler" });
}
