/** What a local execution and those it starts know by name: workflows, and the handlers of their steps. */
import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/contract/json";
import { type CompiledGraph, compileGraph } from "@/lib/core/definition/graph";
import type { WorkflowName } from "@/lib/core/execution/commands";
import { type AnyWorkflow, withChildren } from "../any-workflow";
import { type AnyStep, Step } from "../dsl/step";
import { NonRetryableError } from "../errors";
import type { Definition } from "../types/definition";

/** One version of a workflow, ready to run. */
export interface LocalVersion {
  readonly version: number;
  readonly hash: string;
  readonly definition: Definition;
  readonly graph: CompiledGraph;
  /** By task name. */
  readonly steps: ReadonlyMap<string, AnyStep>;
}

export class LocalWorkflows {
  private readonly known = new Map<string, AnyWorkflow>();
  private readonly compiled = new Map<AnyWorkflow, LocalVersion>();

  /** Later ones win over earlier ones of the same name. */
  constructor(workflows: readonly AnyWorkflow[]) {
    for (const workflow of workflows) this.add(workflow);
  }

  add(workflow: AnyWorkflow): void {
    for (const each of withChildren([workflow])) this.known.set(each.name, each);
  }

  /** The one of that name, taken to be the version that is asked for; null where none was given. */
  find({ workflow: name, version }: WorkflowName): LocalVersion | null {
    const workflow = this.known.get(name);
    if (workflow === undefined) return null;
    const compiled = this.compiled.get(workflow) ?? compile(workflow);
    this.compiled.set(workflow, compiled);
    return version === undefined ? compiled : { ...compiled, version };
  }
}

function compile(workflow: AnyWorkflow): LocalVersion {
  const { definition, steps } = workflow;
  return {
    version: 1,
    hash: createHash("sha256").update(canonicalJson(definition)).digest("hex"),
    definition,
    graph: compileGraph(definition),
    steps: new Map(steps.map((step) => [step.task, step])),
  };
}

/** Stands for a handler that was not given: a server would wait for a worker that has it, here none will ever come. */
export function missingStep(task: string): AnyStep {
  return new Step(
    task,
    task,
    () => {
      throw new NonRetryableError(`No step is named "${task}" here, so nothing can run its task.`, {
        code: "UNKNOWN_TASK",
      });
    },
    {},
  );
}
