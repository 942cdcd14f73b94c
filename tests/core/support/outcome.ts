/** How an execution comes out where each node has its fate, and only the order in which results come is open. */
import type { Definition } from "@/lib/contract/definition";
import { isClosed } from "@/lib/core/execution/statuses";
import type { Core } from "./core";
import type { Dice } from "./dice";
import { TestExecution } from "./execution";

export interface Outcome {
  readonly status: string;
  readonly output: unknown;
  readonly steps: readonly { readonly node: string; readonly status: string; readonly port: string | null }[];
}

/** `fates`: by position of the node, whether its task completes, takes its extra port, or fails for good. */
export function outcome(core: Core, definition: Definition, fates: readonly number[], order: Dice): Outcome {
  const execution = new TestExecution(definition, core);
  execution.start({
    flags: fates
      .slice(0, 4)
      .concat(0, 0, 0, 0)
      .map((fate) => fate % 2 === 1),
  });
  while (!isClosed(execution.state)) {
    const waiting = execution.state.root.steps.filter(({ taskId }) => taskId !== null);
    if (waiting.length === 0) {
      execution.wakeAfter((core.wakeAt(execution.state) ?? execution.now) - execution.now);
      continue;
    }
    const { node } = order.pick(waiting);
    const fate = (fates[execution.ordinal(node) % Math.max(1, fates.length)] ?? 0) % 4;
    if (fate === 3) execution.fail(node, { retryable: false });
    else execution.complete(node, node, fate === 2 ? "extra" : "success");
  }
  return {
    status: execution.state.status,
    output: execution.output(),
    steps: execution.state.root.steps.map(({ node, status, port }) => ({ node, status, port })),
  };
}
