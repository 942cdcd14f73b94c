/** Random workflows of every node type, valid by the way they are put together: blocks in a row, side by side, in a loop, in a map. */
import type { Definition, Edge, MapGraph, Node, TaskNode } from "@/lib/contract/definition";
import type { Random } from "./random";

/** Where a block is entered, and the ports by which it is left. */
interface Block {
  entries: string[];
  exits: { from: string; port?: string }[];
}

interface Sketch {
  readonly random: Random;
  readonly nodes: Node[];
  readonly edges: Edge[];
  /** Makes ids unique over the whole document. */
  readonly count: { next: number };
  readonly inMap: boolean;
}

export const CHILD = "child";

/** The workflow that workflow nodes of the others start. */
export function childWorkflow(random: Random): Definition {
  return randomWorkflow(random, { name: CHILD, children: false });
}

export function randomWorkflow(random: Random, { name = "parent", children = true } = {}): Definition {
  const sketch: Sketch = { random, nodes: [], edges: [], count: { next: 0 }, inMap: false };
  sequence(sketch, 1 + random.roll(4), 0, children);
  return {
    name,
    nodes: sketch.nodes,
    edges: sketch.edges,
    ...(random.chance(0.1) ? { timeout: "1m" } : {}),
  };
}

function sequence(sketch: Sketch, length: number, depth: number, children: boolean): Block {
  const first = block(sketch, depth, children);
  let last = first;
  for (let i = 1; i < length; i++) {
    const next = block(sketch, depth, children);
    join(sketch, last, next);
    last = next;
  }
  return { entries: first.entries, exits: last.exits };
}

function join({ edges }: Sketch, before: Block, after: Block) {
  for (const exit of before.exits) for (const to of after.entries) edges.push({ ...exit, to });
}

function block(sketch: Sketch, depth: number, children: boolean): Block {
  const { random } = sketch;
  const simple = [task, task, task, sleep, transform, approval, signal, ...(children ? [child] : [])];
  const nested = depth < 2 ? [parallel, choice, loop, map] : [];
  const make = random.pick([...simple, ...nested, ...nested]);
  return make(sketch, depth, children);
}

function idOf({ count }: Sketch, prefix: string): string {
  return `${prefix}${count.next++}`;
}

/** With edges on these ports, too, now and then: without one the port fails the step, or ends the path. */
function leaf({ nodes, random }: Sketch, node: Node, ports: readonly string[]): Block {
  nodes.push(node);
  const exits = [{ from: node.id }, ...ports.filter(() => random.chance(0.5)).map((port) => ({ from: node.id, port }))];
  return { entries: [node.id], exits };
}

function task(sketch: Sketch): Block {
  const { random } = sketch;
  const id = idOf(sketch, "task");
  const node: TaskNode = {
    id,
    type: "task",
    task: "work",
    retry: { maxAttempts: 1 + random.roll(3), initialInterval: "1s" },
    ...(random.chance(0.2) ? { poll: { until: "output == 1 || round > 3", interval: "2s" } } : {}),
    ...(random.chance(0.2) ? { timeout: { total: "20s" } } : {}),
    ...(random.chance(0.3) ? { compensate: { task: "undo", retry: { maxAttempts: 2 } } } : {}),
    ...(random.chance(0.2) ? { sticky: true, concurrencyKey: "all" } : {}),
  };
  return leaf(sketch, node, ["error"]);
}

function sleep(sketch: Sketch): Block {
  const duration = sketch.random.pick(["1s", "10s", "1h"]);
  return leaf(sketch, { id: idOf(sketch, "sleep"), type: "sleep", duration }, []);
}

function transform(sketch: Sketch): Block {
  return leaf(sketch, { id: idOf(sketch, "value"), type: "transform", value: { at: "=execution.version" } }, []);
}

function approval(sketch: Sketch): Block {
  const timeout = sketch.random.chance(0.6) ? { timeout: "30s" } : {};
  return leaf(sketch, { id: idOf(sketch, "ask"), type: "approval", ...timeout }, ["rejected", "expired", "error"]);
}

function signal(sketch: Sketch): Block {
  const timeout = sketch.random.chance(0.5) ? { timeout: "30s" } : {};
  const name = sketch.random.pick(["red", "green"]);
  return leaf(sketch, { id: idOf(sketch, "signal"), type: "signal", signal: name, ...timeout }, ["expired", "error"]);
}

function child(sketch: Sketch): Block {
  const { random } = sketch;
  const more = {
    ...(random.chance(0.2) ? { wait: false } : {}),
    ...(random.chance(0.3) ? { onCancel: "abandon" as const } : {}),
  };
  return leaf(sketch, { id: idOf(sketch, "child"), type: "workflow", workflow: CHILD, ...more }, ["error"]);
}

function parallel(sketch: Sketch, depth: number, children: boolean): Block {
  const { random, nodes } = sketch;
  const start: Node = { id: idOf(sketch, "fork"), type: "transform", value: 0 };
  nodes.push(start);
  const branches = Array.from({ length: 2 + random.roll(2) }, () =>
    sequence(sketch, 1 + random.roll(2), depth + 1, children),
  );
  for (const branch of branches) join(sketch, { entries: [], exits: [{ from: start.id }] }, branch);
  const end: Node = {
    id: idOf(sketch, "join"),
    type: "transform",
    value: 0,
    join: random.pick(["all", "all", "any", branches.length]),
    ...(random.chance(0.3) ? { keepLosers: true } : {}),
  };
  nodes.push(end);
  for (const branch of branches) join(sketch, branch, { entries: [end.id], exits: [] });
  return { entries: [start.id], exits: [{ from: end.id }] };
}

function choice(sketch: Sketch, depth: number, children: boolean): Block {
  const id = idOf(sketch, "choice");
  const when = sketch.random.pick(["input > 0.5", "input < 0.1", "execution.version == 2"]);
  sketch.nodes.push({ id, type: "choice", cases: [{ port: "yes", when }] });
  const yes = sequence(sketch, 1, depth + 1, children);
  join(sketch, { entries: [], exits: [{ from: id, port: "yes" }] }, yes);
  if (sketch.random.chance(0.5)) return { entries: [id], exits: [...yes.exits, { from: id, port: "otherwise" }] };
  const no = sequence(sketch, 1, depth + 1, children);
  join(sketch, { entries: [], exits: [{ from: id, port: "otherwise" }] }, no);
  return { entries: [id], exits: [...yes.exits, ...no.exits] };
}

function loop(sketch: Sketch, depth: number, children: boolean): Block {
  const { random, nodes, edges } = sketch;
  const start = idOf(sketch, "turn");
  nodes.push({ id: start, type: "transform", value: "=loop.iteration" });
  const body = sequence(sketch, 1 + random.roll(2), depth + 1, children);
  join(sketch, { entries: [], exits: [{ from: start }] }, body);
  const again = idOf(sketch, "again");
  nodes.push({ id: again, type: "choice", cases: [{ port: "again", when: `loop.iteration < ${1 + random.roll(3)}` }] });
  join(sketch, body, { entries: [again], exits: [] });
  const maxIterations = random.pick([1, 2, 100]);
  edges.push({ from: again, port: "again", to: start, loop: { maxIterations, carry: "=loop.iteration" } });
  return { entries: [start], exits: [{ from: again, port: "otherwise" }] };
}

function map(sketch: Sketch, depth: number, children: boolean): Block {
  const { random } = sketch;
  const inside: Sketch = { random, nodes: [], edges: [], count: sketch.count, inMap: true };
  sequence(inside, 1 + random.roll(2), depth + 1, children);
  const graph: MapGraph = {
    nodes: inside.nodes,
    edges: inside.edges,
    ...(random.chance(0.5) ? { output: { index: "=index" } } : {}),
  };
  const node: Node = {
    id: idOf(sketch, "map"),
    type: "map",
    items: Array.from({ length: random.roll(5) }, (_, i) => i),
    body: random.chance(0.3) ? { task: "work", retry: { maxAttempts: 2 } } : graph,
    concurrency: 1 + random.roll(3),
    failure: random.pick(["stop", "continue"]),
  };
  return leaf(sketch, node, ["error"]);
}
