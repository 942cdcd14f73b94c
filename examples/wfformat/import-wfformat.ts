/** From a WfFormat document (a recorded scientific workflow) to a definition: a node for each task, an edge for each parent. */
import type { Definition } from "@cerebelum/sdk";

export interface WfDocument {
  name: string;
  workflow: {
    specification: { tasks: { id: string; parents?: string[] }[] };
    execution?: { tasks?: { id: string; runtimeInSeconds?: number }[] };
  };
}

export interface RecordedTask {
  /** The node's id in the definition. */
  node: string;
  parents: string[];
  /** As recorded, times the scale. */
  runtimeMs: number;
}

/** Every task becomes a dispatch of this handler, with `{ runtimeMs }` as its input. */
export const TASK = "run";

/** @throws Error naming what is missing, for a document that is no WfFormat 1.4 or 1.5. */
export function recordedTasks(document: WfDocument, scale: number): RecordedTask[] {
  const tasks = document.workflow?.specification?.tasks;
  if (!Array.isArray(tasks)) throw new Error("This is no WfFormat 1.4 or 1.5: it has no workflow.specification.tasks");
  const seconds = new Map(
    document.workflow.execution?.tasks?.map(({ id, runtimeInSeconds }) => [id, runtimeInSeconds]),
  );
  const nodes = nodeIds(tasks.map(({ id }) => id));
  const nodeOf = (id: string) => {
    const node = nodes.get(id);
    if (node === undefined) throw new Error(`A task has the parent ${id}, which is not in the file`);
    return node;
  };
  return tasks.map(({ id, parents = [] }) => ({
    node: nodeOf(id),
    parents: parents.map(nodeOf),
    runtimeMs: Math.round((seconds.get(id) ?? 0) * 1000 * scale),
  }));
}

export function definitionOf(name: string, tasks: readonly RecordedTask[]): Definition {
  return {
    format: 1,
    name: nodeId(name),
    description: "Imported from a WfFormat file: each task sleeps for its recorded time, scaled",
    nodes: tasks.map(({ node, runtimeMs }) => ({ id: node, type: "task", task: TASK, input: { runtimeMs } })),
    edges: tasks.flatMap(({ node, parents }) => parents.map((from) => ({ from, to: node }))),
    output: null,
  };
}

/** Most ids are valid as they are; what is not gets underscores, and a number where two would become one. */
function nodeIds(ids: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    ids.map((id) => {
      let node = nodeId(id);
      for (let n = 2; taken.has(node); n++) node = `${nodeId(id).slice(0, 120)}_${n}`;
      taken.add(node);
      return [id, node];
    }),
  );
}

function nodeId(id: string): string {
  return id
    .replace(/[^A-Za-z0-9_.-]/g, "_")
    .replace(/^[.-]/, "_")
    .slice(0, 128);
}
