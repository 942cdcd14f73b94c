/** Begins an execution in this process. */
import { randomUUID } from "node:crypto";
import type { CommandOf } from "@/lib/core/execution/commands";
import type { AnyWorkflow } from "../any-workflow";
import type { StepContext } from "../dsl/step-context";
import type { JsonValue } from "../types/definition";
import { callUrl } from "./call-url";
import { checkInput } from "./check-schema";
import type { Clock } from "./clock";
import { LocalEngine } from "./local-engine";
import { LocalExecution } from "./local-execution";
import { LOCAL_USER } from "./local-handle";
import type { LocalSettings } from "./local-settings";
import { LocalWorkflows } from "./local-workflows";

/** What the execution is given beside its workflow. */
export type LocalStart = Pick<
  CommandOf<"start">,
  "key" | "tags" | "correlationId" | "priority" | "timeoutMs" | "startAt"
> & { input: JsonValue };

/** @throws CerebelumError `INVALID_INPUT` */
export function startLocally(
  workflow: AnyWorkflow,
  { input, ...start }: LocalStart,
  clock: Clock,
  settings: Partial<Omit<LocalSettings, "workflows">> & { workflows?: readonly AnyWorkflow[] } = {},
): LocalExecution {
  const workflows = new LocalWorkflows([...(settings.workflows ?? []), workflow]);
  const version = workflows.find({ workflow: workflow.name });
  if (version === null) throw new Error(`the workflow ${workflow.name} is not known`);
  checkInput(version.definition, input);
  const all: LocalSettings = { ...defaults(), ...settings, workflows };
  const execution = new LocalExecution(LocalEngine.at(clock), all, all.newId("execution"), version);
  const { version: number, hash } = version;
  execution.apply({ type: "start", workflow: workflow.name, version: number, hash, input, ...start }, LOCAL_USER);
  return execution;
}

function defaults(): Omit<LocalSettings, "workflows"> {
  let made = 0;
  return {
    random: Math.random,
    // An execution's id is part of idempotency keys, which others than this process see.
    newId: (of) => (of === "execution" ? `exe_local_${randomUUID()}` : `${PREFIXES[of]}_local_${++made}`),
    call: (_node, request, options) => callUrl(request, options),
    handle: (step, input, context) =>
      (step.handler as (input: unknown, context: StepContext) => unknown)(input, context),
  };
}

const PREFIXES = { task: "tsk", approval: "apr" } as const;
