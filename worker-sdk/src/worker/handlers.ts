/** Which handlers a worker offers, and on which queues their tasks come. */
import { compileGraph, RESERVED_PREFIX } from "@/lib/core/definition/graph";
import { type AnyWorkflow, withChildren } from "../any-workflow";
import { type AnyStep, Step } from "../dsl/step";

interface Offer {
  workflows?: readonly AnyWorkflow[];
  steps?: readonly AnyStep[];
}

/** By task name. Two handlers under one name are refused: which of them ran would be chance. */
export function handlersOf({ workflows = [], steps = [] }: Offer): Map<string, AnyStep> {
  const handlers = new Map<string, AnyStep>();
  const offered = [...steps.flatMap(withCompensation), ...withChildren(workflows).flatMap(({ steps }) => steps)];
  for (const step of offered) {
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
  const queues = steps.flatMap((step) => {
    const own = step.options.queue ?? "default";
    return [own, compensationOf(step)?.options.queue ?? own];
  });
  for (const { definition } of withChildren(workflows))
    for (const { task, compensation } of compileGraph(definition).nodes)
      for (const dispatched of [task, compensation])
        if (dispatched !== null && !dispatched.queue.startsWith(RESERVED_PREFIX)) queues.push(dispatched.queue);
  return new Set(queues);
}

function withCompensation(step: AnyStep): AnyStep[] {
  const compensation = compensationOf(step);
  return compensation === undefined ? [step] : [step, compensation];
}

function compensationOf({ options: { compensate } }: AnyStep): AnyStep | undefined {
  return compensate instanceof Step ? compensate : undefined;
}
