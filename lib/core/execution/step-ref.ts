/** How a host names a step between two decisions. */

/**
 * Where a step is in its execution: the node's position in the compiled graph, and inside maps the item
 * indexes from the outside in. A host carries it with a task, so that a result finds its step without a search.
 */
export interface StepRef {
  ordinal: number;
  index?: readonly number[];
  /** Of a compensation's task: its place in the order of completion. Such a task answers for no step. */
  compensation?: number;
}
