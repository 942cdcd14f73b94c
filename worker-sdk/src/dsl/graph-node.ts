/** What all nodes of a timeline have: an id, what they take, and what they give on each of their ports. */

/** When a node runs that several lead to: it matters after a parallel group. */
export interface JoinOptions {
  /** Once all of them are decided (default), at the first, or at the n-th. */
  join?: "all" | "any" | number;
  /** With a join of `any` or n: the steps that it no longer needs are left running, not cancelled. Default false. */
  keepLosers?: boolean;
}

export abstract class GraphNode<Name extends string = string, In = never, Out = unknown, Ports = unknown> {
  /** Only for the compiler. */
  declare readonly types?: { accepts: (input: In) => void; out: Out; ports: Ports };

  constructor(
    /** The id of its node, unique in a workflow. */
    readonly id: Name,
  ) {}
}

/** What a node takes. */
export type NodeInput<Of> = Of extends GraphNode<string, infer In, unknown, unknown> ? In : never;

/** Without the members that are undefined, so that the document hashes alike however it was written. */
export function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, member]) => member !== undefined)) as T;
}
