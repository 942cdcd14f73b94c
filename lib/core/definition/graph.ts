/** A definition as the engine runs it: nodes by position, edges in both directions, defaults filled in, durations in ms. */
import type {
  Compensate,
  Definition,
  Duration,
  Edge,
  HttpNode,
  MapNode,
  Node,
  Poll,
  RetryPolicy,
  TaskNode,
  TaskTimeout,
} from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import { parseDuration } from "../durations";
import { compileTemplate, type Template } from "../expressions/template";
import { templateFields } from "./fields";
import { groupBy } from "./group-by";
import { type CompiledLoop, findLoops, type LoopEdge, type Loops } from "./loops";
import { defaultPort } from "./ports";

export interface CompiledEdge {
  /** Ordinals of the nodes it joins. */
  readonly from: number;
  readonly to: number;
  readonly port: string;
  /** Numbers of the loops whose body it leaves, the innermost first: they hold it until they are done. */
  readonly leaves: readonly number[];
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

export interface ResolvedPoll {
  readonly until: string;
  readonly intervalMs: number;
  readonly backoff: number;
  readonly timeoutMs: number;
}

/** How something is dispatched: the task of a task node, the call of an http node, the task that undoes a step. */
export interface CompiledTask {
  readonly task: string;
  readonly queue: string;
  readonly priority: number;
  readonly sticky: boolean;
  readonly retry: ResolvedRetry;
  readonly timeouts: ResolvedTimeouts;
  readonly poll: ResolvedPoll | null;
  readonly ports: readonly string[];
  readonly concurrencyKey: string | null;
  readonly concurrencyLimit: number;
}

/** A node and its place among the others. */
export interface LinkedNode {
  /** Its position in the compiled graph, all scopes together. */
  readonly ordinal: number;
  readonly id: string;
  readonly definition: Node;
  /** Loop edges apart. */
  readonly ins: readonly CompiledEdge[];
  readonly outs: readonly CompiledEdge[];
  readonly loopEdges: readonly LoopEdge[];
  /** Numbers of the loops whose body it is in, the innermost first. */
  readonly loops: readonly number[];
  /** `all`, or how many taken edges start it (`any` is 1). */
  readonly join: "all" | number;
  readonly keepLosers: boolean;
}

export interface CompiledNode extends LinkedNode {
  /** Inside maps: the ids of the maps around it, then its own, joined by `/`. As events name it. */
  readonly path: string;
  /** Its scope's place in `graph.scopes`, and its own place in that scope. */
  readonly scope: number;
  readonly position: number;
  /** Of task and http nodes only. */
  readonly task: CompiledTask | null;
  readonly compensation: (CompiledTask & { readonly input: JsonValue | undefined }) | null;
  /** Of map nodes: the place of its body in `graph.scopes`. */
  readonly body: number | null;
}

/** One graph of the document: the definition's own, or the body of a map. */
export interface CompiledScope {
  /** Its place in `graph.scopes`; 0 is the definition's own. */
  readonly number: number;
  /** The ordinal of the map whose body it is; null: the definition's own. */
  readonly map: number | null;
  readonly nodes: readonly CompiledNode[];
  readonly loops: readonly CompiledLoop[];
  readonly output: JsonValue | undefined;
  /** The body is one task, written short: an item's output is that task's. */
  readonly isTask: boolean;
}

export interface CompiledGraph {
  readonly definition: Definition;
  /** Scope by scope. */
  readonly nodes: readonly CompiledNode[];
  /** By path. */
  readonly ordinals: ReadonlyMap<string, number>;
  readonly scopes: readonly CompiledScope[];
  /** Of the whole execution; null: none. */
  readonly timeoutMs: number | null;
  /** Some of its tasks share limits with others. */
  readonly hasConcurrencyKeys: boolean;
  /** The compiled template of one field of a node (ordinal −1: of the definition itself), kept once it was asked for. */
  template(ordinal: number, field: string, source: TemplateSource): Template;
  /** Ordinals of nodes outside a scope that something inside it reads. */
  outerReads(scope: number): readonly number[];
}

type TemplateSource = Parameters<typeof compileTemplate>[0];

export const DEFAULT_QUEUE = "default";
/** Queues and tasks of the engine's own; nobody else may use them. */
export const RESERVED_PREFIX = "cerebelum.";
export const HTTP_QUEUE = `${RESERVED_PREFIX}http`;
export const HTTP_TASK = `${RESERVED_PREFIX}http`;
export const DEFAULT_MAP_CONCURRENCY = 100;

/** Compiles a definition that `validateDefinition` found no errors in; throws on one that it would have refused. */
export function compileGraph(definition: Definition): CompiledGraph {
  const nodes: CompiledNode[] = [];
  const scopes: CompiledScope[] = [];
  compileScope({ definition, nodes, scopes }, definition, null, "");
  const templates = new Map<string, Template>();
  const reads = new Map<number, readonly number[]>();
  const graph: CompiledGraph = {
    definition,
    nodes,
    scopes,
    ordinals: new Map(nodes.map(({ path, ordinal }) => [path, ordinal])),
    timeoutMs: definition.timeout === undefined ? null : durationMs(definition.timeout),
    hasConcurrencyKeys: nodes.some(({ task }) => task !== null && task.concurrencyKey !== null),
    template(ordinal, field, source) {
      const key = `${ordinal}/${field}`;
      const known = templates.get(key);
      if (known !== undefined) return known;
      const template = compileTemplate(source);
      templates.set(key, template);
      return template;
    },
    outerReads(scope) {
      const known = reads.get(scope) ?? findOuterReads(graph, scope);
      reads.set(scope, known);
      return known;
    },
  };
  return graph;
}

interface Compilation {
  readonly definition: Definition;
  readonly nodes: CompiledNode[];
  readonly scopes: (CompiledScope | undefined)[];
}

/** The nodes of one graph and its edges; of a map's short body the graph that it stands for. */
export interface BodyGraph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly output?: JsonValue | undefined;
}

export function bodyGraph({ id, body }: MapNode): BodyGraph {
  if ("nodes" in body) return body;
  return { nodes: [{ ...body, id: `${id}.item`, type: "task" }], edges: [] };
}

/** Numbers a scope's own nodes in one run, then those of the bodies in it. */
function compileScope(compilation: Compilation, source: BodyGraph, map: CompiledNode | null, prefix: string): number {
  const { definition, nodes, scopes } = compilation;
  const number = scopes.length;
  scopes.push(undefined);
  const { linked, loops } = linkNodes(source, nodes.length);
  const own = linked.map((node, position): CompiledNode & { body: number | null } => ({
    ...node,
    path: prefix + node.id,
    scope: number,
    position,
    task: compileTask(node.definition, definition),
    compensation: compileCompensation(node.definition, definition),
    body: null,
  }));
  nodes.push(...own);
  for (const node of own) {
    if (node.definition.type !== "map") continue;
    node.body = compileScope(compilation, bodyGraph(node.definition), node, `${node.path}/`);
  }
  scopes[number] = {
    number,
    map: map?.ordinal ?? null,
    nodes: own,
    loops: loops.all,
    output: source.output,
    isTask: map?.definition.type === "map" && !("nodes" in map.definition.body),
  };
  return number;
}

export function ordinalsOf({ nodes }: Pick<BodyGraph, "nodes">): ReadonlyMap<string, number> {
  return new Map(nodes.map(({ id }, ordinal) => [id, ordinal]));
}

/**
 * The nodes of one graph with their edges in both directions, numbered from `first` on, and its loops; an edge that names
 * an unknown node joins nothing.
 */
export function linkNodes(graph: BodyGraph, first = 0): { linked: LinkedNode[]; loops: Loops } {
  const ordinals = ordinalsOf(graph);
  const forward: { from: number; to: number; port: string }[] = [];
  const back: Omit<LoopEdge, "loop">[] = [];
  graph.edges.forEach(({ from, port, to, loop }, at) => {
    const source = ordinals.get(from);
    const target = ordinals.get(to);
    const node = graph.nodes[source ?? -1];
    if (source === undefined || target === undefined || node === undefined) return;
    const edge = { from: first + source, to: first + target, port: port ?? defaultPort(node) };
    if (loop === undefined) forward.push(edge);
    else back.push({ ...edge, at, maxIterations: loop.maxIterations ?? DEFAULT_MAX_ITERATIONS, carry: loop.carry });
  });
  const loops = findLoops({ first, size: graph.nodes.length }, forward, back);
  const loopEdges = groupBy(
    loops.all.flatMap(({ edges }) => edges),
    ({ from }) => from,
  );
  const ins: CompiledEdge[][] = graph.nodes.map(() => []);
  const outs: CompiledEdge[][] = graph.nodes.map(() => []);
  for (const edge of forward) {
    const leaves = loops.around(edge.from).filter((number) => !loops.all[number]?.body.has(edge.to));
    const compiled = { ...edge, leaves };
    outs[edge.from - first]?.push(compiled);
    ins[edge.to - first]?.push(compiled);
  }
  const linked = graph.nodes.map((node, position) => ({
    ordinal: first + position,
    id: node.id,
    definition: node,
    ins: ins[position] ?? [],
    outs: outs[position] ?? [],
    loopEdges: loopEdges.get(first + position) ?? [],
    loops: loops.around(first + position),
    join: node.join === "any" ? 1 : (node.join ?? "all"),
    keepLosers: node.keepLosers ?? false,
  }));
  return { linked, loops };
}

const DEFAULT_MAX_ITERATIONS = 100;

function compileTask(node: Node, definition: Definition): CompiledTask | null {
  if (node.type === "task") return compileTaskNode(node, definition);
  return node.type === "http" ? compileHttpNode(node, definition) : null;
}

function compileTaskNode(node: TaskNode, { defaults }: Definition): CompiledTask {
  return {
    ...PLAIN_TASK,
    task: node.task,
    queue: node.queue ?? defaults?.queue ?? DEFAULT_QUEUE,
    priority: node.priority ?? 0,
    sticky: node.sticky ?? false,
    retry: resolveRetry({ ...defaults?.retry, ...node.retry }),
    timeouts: resolveTimeouts({ ...defaults?.timeout, ...node.timeout }),
    poll: node.poll === undefined ? null : resolvePoll(node.poll),
    ports: node.ports ?? [],
    concurrencyKey: node.concurrencyKey ?? null,
    concurrencyLimit: node.concurrencyLimit ?? 1,
  };
}

const PLAIN_TASK = {
  priority: 0,
  sticky: false,
  poll: null,
  ports: [],
  concurrencyKey: null,
  concurrencyLimit: 1,
} as const satisfies Partial<CompiledTask>;

function compileHttpNode(node: HttpNode, { defaults }: Definition): CompiledTask {
  return {
    ...PLAIN_TASK,
    task: HTTP_TASK,
    queue: HTTP_QUEUE,
    retry: resolveRetry({ ...defaults?.retry, ...node.retry }),
    // The engine renews its own leases, and has nothing to say meanwhile.
    timeouts: { ...resolveTimeouts({ ...defaults?.timeout, ...node.timeout }), heartbeatMs: null },
  };
}

function compileCompensation(node: Node, { defaults }: Definition): CompiledNode["compensation"] {
  if (node.type !== "task" || node.compensate === undefined) return null;
  const compensate: Compensate = node.compensate;
  return {
    ...PLAIN_TASK,
    task: compensate.task,
    queue: compensate.queue ?? node.queue ?? defaults?.queue ?? DEFAULT_QUEUE,
    retry: resolveRetry({ ...defaults?.retry, ...compensate.retry }),
    timeouts: resolveTimeouts({ ...defaults?.timeout, ...compensate.timeout }),
    input: compensate.input,
  };
}

export function resolveRetry(retry: RetryPolicy): ResolvedRetry {
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

function resolvePoll({ until, interval, backoff, timeout }: Poll): ResolvedPoll {
  return {
    until,
    intervalMs: durationMs(interval ?? "10s"),
    backoff: backoff ?? 1,
    timeoutMs: durationMs(timeout ?? "1h"),
  };
}

function durationMs(duration: Duration): number {
  const ms = parseDuration(duration);
  if (ms === null) throw new Error(`not a duration: ${duration}`);
  return ms;
}

/** By a computed name any node around the scope may be read. */
function findOuterReads(graph: CompiledGraph, scope: number): number[] {
  const around = scopesAround(graph, scope).flatMap(({ nodes }) => nodes);
  const inside = scopesInside(graph, scope);
  const named = new Set<string>();
  for (const { nodes, map, output } of inside) {
    const fields = nodes.flatMap((node) => [
      ...templateFields(node.definition).map(({ field, source }) => graph.template(node.ordinal, field, source)),
      ...node.loopEdges.map(({ at, carry }) => graph.template(node.ordinal, carryField(at), carry ?? null)),
    ]);
    if (output !== undefined && map !== null) fields.push(graph.template(map, OUTPUT_FIELD, output));
    for (const { expressions } of fields) {
      for (const { compiled } of expressions) {
        if ("fault" in compiled) continue;
        if (compiled.references.anyStep) return around.map(({ ordinal }) => ordinal);
        for (const name of compiled.references.steps) named.add(name);
      }
    }
  }
  return around.filter(({ id }) => named.has(id)).map(({ ordinal }) => ordinal);
}

/** Where the output of a body, and what a loop edge carries, are found among the fields of a node. */
export const OUTPUT_FIELD = "body/output";

export function carryField(edge: number): string {
  return `edges/${edge}/loop/carry`;
}

/** From the next one out to the definition's own. */
export function scopesAround(graph: CompiledGraph, scope: number): CompiledScope[] {
  const found: CompiledScope[] = [];
  for (let at = graph.scopes[scope]; at !== undefined && at.map !== null; ) {
    at = graph.scopes[graph.nodes[at.map]?.scope ?? -1];
    if (at !== undefined) found.push(at);
  }
  return found;
}

function scopesInside(graph: CompiledGraph, scope: number): CompiledScope[] {
  const own = graph.scopes[scope];
  if (own === undefined) return [];
  return [own, ...own.nodes.flatMap(({ body }) => (body === null ? [] : scopesInside(graph, body)))];
}
