/**
 * Two people's changes of one document put together: whatever only one of them changed is taken, and what both changed
 * differently is a conflict, in which one of the two stands until somebody chooses. Nodes are compared by id and field by field.
 */
import { type Definition, type Edge, type Node, nodeSchema } from "../contract/definition";
import { draftDefinitionSchema, type Layout } from "../contract/drafts";
import { canonicalJson } from "../contract/json";
import { type EditorDocument, edgesByEnds, type Graph } from "./document";

export type Side = "mine" | "theirs";

/** What both changed: a field of the workflow (`node` null) or of a node, or (`field` null) a node that one took out. */
export interface Conflict {
  readonly node: string | null;
  readonly field: string | null;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Merged {
  readonly document: EditorDocument;
  readonly conflicts: readonly Conflict[];
}

type Members = { readonly [field: string]: unknown };

/**
 * `prefer`: whose stands where both changed the same. What only one of them changed becomes exactly what they made of it, in
 * their order too: two who take in each other's changes come to rest at the same document.
 */
export function merge(base: EditorDocument, mine: EditorDocument, theirs: EditorDocument, prefer: Side): Merged {
  const merger = new Merger(prefer);
  const definition =
    oneSided(base.definition, mine.definition, theirs.definition) ??
    merger.definition(base.definition, mine.definition, theirs.definition);
  const layout =
    oneSided(base.layout, mine.layout, theirs.layout) ?? mergedLayout(base.layout, mine.layout, theirs.layout, prefer);
  return { document: { definition, layout }, conflicts: merger.conflicts };
}

function oneSided<T>(base: T, mine: T, theirs: T): T | null {
  if (isEqual(mine, theirs) || isEqual(theirs, base)) return mine;
  return isEqual(mine, base) ? theirs : null;
}

class Merger {
  readonly conflicts: Conflict[] = [];

  constructor(private readonly prefer: Side) {}

  definition(base: Definition, mine: Definition, theirs: Definition): Definition {
    const fields = this.members(null, settingsOf(base), settingsOf(mine), settingsOf(theirs));
    const { nodes, edges } = this.graph(base, mine, theirs);
    const merged = { ...fields, nodes, edges } as unknown as Definition;
    return inOrder(merged, this.prefer === "mine" ? mine : theirs);
  }

  private graph(base: Graph, mine: Graph, theirs: Graph): { nodes: Node[]; edges: Edge[] } {
    const nodes = this.nodes(base, mine, theirs);
    const ids = new Set(nodes.map(({ id }) => id));
    const edges = mergedEdges(base, mine, theirs, this.prefer).filter(({ from, to }) => ids.has(from) && ids.has(to));
    return { nodes, edges };
  }

  private nodes(base: Graph, mine: Graph, theirs: Graph): Node[] {
    const [before, own, other] = [base, mine, theirs].map(byId) as [NodesById, NodesById, NodesById];
    const [first, second] = this.prefer === "mine" ? [mine, theirs] : [theirs, mine];
    const order = new Set([...first.nodes, ...second.nodes].map(({ id }) => id));
    return [...order].flatMap((id) => this.node(id, before.get(id), own.get(id), other.get(id)) ?? []);
  }

  private node(id: string, base: Node | undefined, mine: Node | undefined, theirs: Node | undefined): Node | null {
    if (mine === undefined || theirs === undefined) {
      const left = mine ?? theirs;
      if (left === undefined || base === undefined) return left ?? null;
      if (isEqual(left, base)) return null;
      this.conflicts.push({ node: id, field: null, mine: mine ?? null, theirs: theirs ?? null });
      return (this.prefer === "mine" ? mine : theirs) ?? null;
    }
    if (isEqual(mine, theirs) || isEqual(theirs, base)) return mine;
    if (isEqual(mine, base)) return theirs;
    const merged = this.fieldwise(id, base, mine, theirs);
    if (nodeSchema.safeParse(merged).success) return merged;
    this.conflicts.push({ node: id, field: null, mine, theirs });
    return this.prefer === "mine" ? mine : theirs;
  }

  private fieldwise(id: string, base: Node | undefined, mine: Node, theirs: Node): Node {
    const bodies = [base, mine, theirs].map((node) =>
      node?.type === "map" && "nodes" in node.body ? node.body : null,
    );
    const [before, own, other] = bodies;
    if (!own || !other) return this.members(id, members(base), members(mine), members(theirs)) as unknown as Node;
    const rest = this.members(id, without(base, "body"), without(mine, "body"), without(theirs, "body"));
    const graph = this.graph(before ?? { nodes: [], edges: [] }, own, other);
    const output = this.members(id, { output: before?.output }, { output: own.output }, { output: other.output });
    return { ...rest, body: { ...output, ...graph } } as unknown as Node;
  }

  private members(node: string | null, base: Members, mine: Members, theirs: Members): Members {
    const fields = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
    const entries = [...fields].map((field) => {
      const own = mine[field];
      const other = theirs[field];
      if (isEqual(own, other) || isEqual(other, base[field])) return [field, own] as const;
      if (isEqual(own, base[field])) return [field, other] as const;
      this.conflicts.push({ node, field, mine: own ?? null, theirs: other ?? null });
      return [field, this.prefer === "mine" ? own : other] as const;
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
}

type NodesById = ReadonlyMap<string, Node>;

function byId({ nodes }: Graph): NodesById {
  return new Map(nodes.map((node) => [node.id, node]));
}

function members(node: Node | undefined): Members {
  return (node ?? {}) as unknown as Members;
}

function without(node: Node | undefined, field: string): Members {
  return Object.fromEntries(Object.entries(members(node)).filter(([name]) => name !== field));
}

function settingsOf({ nodes: _, edges: __, ...settings }: Definition): Members {
  return settings as Members;
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}

/** An edge stays unless one side took it out; of one whose loop both changed the preferred one's stands. */
function mergedEdges(base: Graph, mine: Graph, theirs: Graph, prefer: Side): Edge[] {
  const [first, second] = prefer === "mine" ? [mine, theirs] : [theirs, mine];
  const [before, own, other] = [edgesByEnds(base), edgesByEnds(first), edgesByEnds(second)];
  const kept = [...own].flatMap(([ends, edge]) => {
    const old = before.get(ends);
    const unchanged = old !== undefined && isEqual(edge, old);
    const counterpart = other.get(ends);
    if (counterpart === undefined) return unchanged ? [] : [edge];
    return [unchanged ? counterpart : edge];
  });
  const added = [...other].filter(([ends]) => !own.has(ends) && !before.has(ends)).map(([, edge]) => edge);
  return [...kept, ...added];
}

/** The members in the order in which one of the two wrote them, so that a merge moves no line for nothing. */
function inOrder(merged: Definition, like: Definition): Definition {
  const values = merged as unknown as Members;
  const order = new Set([...Object.keys(like), ...Object.keys(values)]);
  const next = Object.fromEntries([...order].filter((key) => key in values).map((key) => [key, values[key]]));
  return draftDefinitionSchema.safeParse(next).success ? (next as unknown as Definition) : like;
}

function mergedLayout(base: Layout, mine: Layout, theirs: Layout, prefer: Side): Layout {
  const places = mergedRecord(base.places ?? {}, mine.places ?? {}, theirs.places ?? {}, prefer);
  const comments = mergedRecord(
    keyed(base.comments ?? []),
    keyed(mine.comments ?? []),
    keyed(theirs.comments ?? []),
    prefer,
  );
  const folded = Object.keys(mergedRecord(flags(base.folded), flags(mine.folded), flags(theirs.folded), prefer));
  return {
    ...(Object.keys(places).length === 0 ? {} : { places }),
    ...(folded.length === 0 ? {} : { folded }),
    ...(Object.keys(comments).length === 0 ? {} : { comments: Object.values(comments) }),
  };
}

type Recorded<T> = { readonly [key: string]: T };

function mergedRecord<T>(base: Recorded<T>, mine: Recorded<T>, theirs: Recorded<T>, prefer: Side): Recorded<T> {
  const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  const entries = [...keys].flatMap((key): [string, T][] => {
    const [own, other, before] = [mine[key], theirs[key], base[key]];
    const isMine = isEqual(other, before) || (!isEqual(own, before) && prefer === "mine");
    const value = isMine ? own : other;
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

function keyed<T extends { readonly id: string }>(list: readonly T[]): Recorded<T> {
  return Object.fromEntries(list.map((each) => [each.id, each]));
}

function flags(list: readonly string[] = []): Recorded<true> {
  return Object.fromEntries(list.map((each) => [each, true] as const));
}
