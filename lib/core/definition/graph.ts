/** A definition as the engine runs it: nodes by position, edges in both directions, defaults filled in, durations in ms. */
import type { Definition, Duration, Node, RetryPolicy, TaskNode, TaskTimeout } from "../../contract/definition";
import { parseDuration } from "../durations";
import { compileTemplate, type Template } from "../expressions/template";

export interface CompiledEdge {
  /** Ordinals of the nodes it joins. */
  readonly from: number;
  readonly to: number;
  readonly port: string;
}

/** What remains of `retry` once the definition's and the format's defaults are filled in. */
export interface ResolvedRetry {
  readonly maxAttempts: number;
  readonly initialIntervalMs: number;
  readonly backoff: number;
  readonly maxIntervalMs: number;
  readonly jitter: number;
  readonly nonRetryable: readonly string[];
}

/** Null: no such timeout. */
export interface ResolvedTimeouts {
  readonly attemptMs: number | null;
  readonly queueMs: number | null;
  readonly heartbeatMs: number | null;
  readonly totalMs: number | null;
}

/** How a task node is dispatched. */
export interface CompiledTask {
  readonly queue: string;
  readonly priority: number;
  readonly retry: ResolvedRetry;
  readonly timeouts: ResolvedTimeouts;
}

/** A node and its place among the others. */
export interface LinkedNode {
  /** Its position in the compiled graph, and in the state's `steps`. */
  readonly ordinal: number;
  readonly id: string;
  readonly definition: Node;
  readonly ins: readonly CompiledEdge[];
  readonly outs: readonly CompiledEdge[];
  /** `all`, or how many taken edges start it (`any` is 1). */
  readonly join: "all" | number;
  readonly keepLosers: boolean;
}

export interface CompiledNode extends LinkedNode {
  /** Of task nodes only. */
  readonly task: CompiledTask | null;
}

export interface CompiledGraph {
  readonly definition: Definition;
  readonly nodes: readonly CompiledNode[];
  readonly ordinals: ReadonlyMap<string, number>;
  /** Of the whole execution; null: none. */
  readonly timeoutMs: number | null;
  /** The compiled template of one field of a node (ordinal −1: of the definition itself), kept once it was asked for. */
  template(ordinal: number, field: string, source: TemplateSource): Template;
}

type TemplateSource = Parameters<typeof compileTemplate>[0];

export const DEFAULT_PORT = "success";
export const ERROR_PORT = "error";
export const OTHERWISE_PORT = "otherwise";
export const DEFAULT_QUEUE = "default";

/** Compiles a definition that `validateDefinition` found no errors in; throws on one that it would have refused. */
export function compileGraph(definition: Definition): CompiledGraph {
  const templates = new Map<string, Template>();
  return {
    definition,
    ordinals: ordinalsOf(definition),
    timeoutMs: definition.timeout === undefined ? null : durationMs(definition.timeout),
    nodes: linkNodes(definition).map((node) => ({
      ...node,
      task: node.definition.type === "task" ? compileTask(node.definition, definition) : null,
    })),
    template(ordinal, field, source) {
      const key = `${ordinal}/${field}`;
      const known = templates.get(key);
      if (known !== undefined) return known;
      const template = compileTemplate(source);
      templates.set(key, template);
      return template;
    },
  };
}

export function ordinalsOf({ nodes }: Definition): ReadonlyMap<string, number> {
  return new Map(nodes.map(({ id }, ordinal) => [id, ordinal]));
}

/** The nodes with their edges in both directions; an edge that names an unknown node joins nothing. */
export function linkNodes(definition: Definition): LinkedNode[] {
  const ordinals = ordinalsOf(definition);
  const ins: CompiledEdge[][] = definition.nodes.map(() => []);
  const outs: CompiledEdge[][] = definition.nodes.map(() => []);
  for (const { from, port, to } of definition.edges) {
    const edge = { from: ordinals.get(from) ?? -1, to: ordinals.get(to) ?? -1, port: port ?? DEFAULT_PORT };
    if (edge.from < 0 || edge.to < 0) continue;
    outs[edge.from]?.push(edge);
    ins[edge.to]?.push(edge);
  }
  return definition.nodes.map((node, ordinal) => ({
    ordinal,
    id: node.id,
    definition: node,
    ins: ins[ordinal] ?? [],
    outs: outs[ordinal] ?? [],
    join: node.join === "any" ? 1 : (node.join ?? "all"),
    keepLosers: node.keepLosers ?? false,
  }));
}

/** The ports that a node may end on, `error` included where its type has it. */
export function portsOf(node: Node): string[] {
  switch (node.type) {
    case "task":
      return [DEFAULT_PORT, ...(node.ports ?? []), ERROR_PORT];
    case "choice":
      return [...new Set([...node.cases.map(({ port }) => port), OTHERWISE_PORT, ERROR_PORT])];
    case "sleep":
    case "transform":
      return [DEFAULT_PORT, ERROR_PORT];
    case "fail":
    case "succeed":
      return [];
  }
}

function compileTask(node: TaskNode, { defaults }: Definition): CompiledTask {
  return {
    queue: node.queue ?? defaults?.queue ?? DEFAULT_QUEUE,
    priority: node.priority ?? 0,
    retry: resolveRetry({ ...defaults?.retry, ...node.retry }),
    timeouts: resolveTimeouts({ ...defaults?.timeout, ...node.timeout }),
  };
}

function resolveRetry(retry: RetryPolicy): ResolvedRetry {
  return {
    maxAttempts: retry.maxAttempts ?? 3,
    initialIntervalMs: durationMs(retry.initialInterval ?? "1s"),
    backoff: retry.backoff ?? 2,
    maxIntervalMs: durationMs(retry.maxInterval ?? "1m"),
    jitter: retry.jitter ?? 0.2,
    nonRetryable: retry.nonRetryable ?? [],
  };
}

function resolveTimeouts(timeout: TaskTimeout): ResolvedTimeouts {
  const ms = (duration: Duration | undefined) => (duration === undefined ? null : durationMs(duration));
  return {
    attemptMs: ms(timeout.attempt),
    queueMs: ms(timeout.queue),
    heartbeatMs: ms(timeout.heartbeat),
    totalMs: ms(timeout.total),
  };
}

function durationMs(duration: Duration): number {
  const ms = parseDuration(duration);
  if (ms === null) throw new Error(`not a duration: ${duration}`);
  return ms;
}
