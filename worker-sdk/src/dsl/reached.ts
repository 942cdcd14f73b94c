/** How far a graph is built, and where in the document one stands. */
import type { Edge, Node } from "../types/definition";
import type { Placement } from "./placement";
import type { Value } from "./values";

/** Where a node's outcome is not yet led anywhere. */
export interface Exit {
  from: string;
  port?: string;
}

/** How far a timeline is built: what its next element hangs on, and what it will be handed. */
export interface Reached {
  /** Null at the very start, where the next element needs no edge; empty where nothing leads on. */
  exits: readonly Exit[] | null;
  value: Value;
  /** False once a step before may have ended on a way that leads elsewhere. */
  certain: boolean;
  /** Several exits may be taken together. */
  parallel: boolean;
}

/** One graph of the document: its own, or the body of a map. */
export interface Graph {
  /** JSON pointer. */
  at: string;
  nodes: Node[];
  edges: Edge[];
}

/** Where in the document an element stands. */
export interface Context {
  graph: Graph;
  place: Placement;
  /** The node whose rules are around it, innermost. */
  rulesOf: string | null;
  /** The node on whose error it stands. */
  errorOf: string | null;
}
