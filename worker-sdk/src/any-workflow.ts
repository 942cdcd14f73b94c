/** A workflow as far as publishing it and running its steps goes. */
import type { AnyStep } from "./dsl/step";
import type { Definition, Finding } from "./types/definition";

export interface AnyWorkflow {
  readonly name: string;
  readonly definition: Definition;
  readonly warnings: readonly Finding[];
  /** Every step whose handler it needs: those in maps and those that compensate too, those of children not. */
  readonly steps: readonly AnyStep[];
  /** The workflows that it starts, as far as they were given as such and not by name. */
  readonly children: readonly AnyWorkflow[];
}

/** With all that they start, and those start: each once, whoever is started before whoever starts it. */
export function withChildren(workflows: readonly AnyWorkflow[]): AnyWorkflow[] {
  const seen = new Set<AnyWorkflow>();
  const found = new Set<AnyWorkflow>();
  const visit = (workflow: AnyWorkflow) => {
    if (seen.has(workflow)) return;
    seen.add(workflow);
    workflow.children.forEach(visit);
    found.add(workflow);
  };
  workflows.forEach(visit);
  return [...found];
}
