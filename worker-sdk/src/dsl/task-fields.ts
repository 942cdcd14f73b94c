/** What of a step stands in the definition: which task a worker is asked for, and how. */
import { DefinitionError } from "../errors";
import type { Compensate, JsonValue, Poll, TaskFields } from "../types/definition";
import { Absent } from "./absent";
import { conditionText } from "./condition-text";
import { defined } from "./graph-node";
import { Condition, pollReferences } from "./references";
import { type AnyStep, type CompensateOptions, type PollOptions, Step } from "./step";
import { templateJson } from "./template";

/** `given`: what the step before it returns. Whatever else stands in the options goes along, so that validation finds what is misspelt. */
export function taskFields(step: AnyStep, given: JsonValue): TaskFields {
  const { join, keepLosers, returns, actions = [], ports, poll, compensate, concurrencyKey, ...options } = step.options;
  const of = `step "${step.id}"`;
  const allPorts = [...(ports ?? []), ...actions.map(({ port }) => port)];
  return defined({
    task: step.task,
    input: inputOf(step, given),
    ...options,
    concurrencyKey: concurrencyKey && (templateJson(concurrencyKey, `The concurrencyKey of ${of}`) as string),
    poll: poll && pollFields(poll, of),
    ports: allPorts.length === 0 ? undefined : allPorts,
    compensate: compensate && compensation(compensate, of),
  });
}

function inputOf({ input, id }: AnyStep, given: JsonValue): JsonValue | undefined {
  if (input instanceof Absent) return undefined;
  return input === undefined ? given : templateJson(input, `The input of step "${id}"`);
}

function pollFields({ until, ...poll }: PollOptions<never>, of: string): Poll {
  const where = `poll.until of ${of}`;
  if (typeof until !== "function") return { until: conditionText(until, where), ...poll };
  const condition: unknown = until(...pollReferences<never>());
  if (condition instanceof Condition) return { until: conditionText(condition, where), ...poll };
  throw new DefinitionError(
    `${where} gives no condition. It is called once, when the workflow is built, and must say what to ask: (output) => output.status.eq("done").`,
  );
}

function compensation(compensate: AnyStep | CompensateOptions, of: string): Compensate {
  if (compensate instanceof Step) return defined(ofStep(compensate));
  const { input, ...rest } = compensate;
  return defined({
    ...rest,
    input: input === undefined ? undefined : templateJson(input, `compensate.input of ${of}`),
  });
}

/** Options that mean nothing there go along, so that validation names them. */
function ofStep({ task, id, input, options: { returns, ...options } }: AnyStep): Compensate {
  return {
    task,
    ...(options as object),
    input:
      input === undefined || input instanceof Absent ? undefined : templateJson(input, `The input of step "${id}"`),
  };
}
