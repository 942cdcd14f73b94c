/** Which handlers a worker offers, and on which queues their tasks come. */

import type { AnyWorkflow } from "../any-workflow";
import type { AnyStep } from "../dsl/step";

interface Offer {
  workflows?: readonly AnyWorkflow[];
  steps?: readonly AnyStep[];
}

/** By task name. Two handlers under one name are refused: which of them ran would be chance. */
export function handlersOf({ workflows = [], steps = [] }: Offer): Map<string, AnyStep> {
  const handlers = new Map<string, AnyStep>();
  for (const step of [...steps, ...workflows.flatMap((workflow) => workflow.steps)]) {
    const known = handlers.get(step.task);
    if (known !== undefined && known.handler !== step.handler)
      throw new TypeError(`Two different handlers are named "${step.task}". Give one of the steps another name.`);
    handlers.set(step.task, step);
  }
  if (handlers.size === 0)
    throw new TypeError("A worker needs something to run: new Worker({ workflows: [onboarding] })");
  return handlers;
}

export function queuesOf({ workflows = [], steps = [] }: Offer): Set<string> {
  const queues = steps.map((step) => step.options.queue ?? "default");
  for (const { definition } of workflows)
    for (const node of definition.nodes)
      if (node.type === "task") queues.push(node.queue ?? definition.defaults?.queue ?? "default");
  return new Set(queues);
}
