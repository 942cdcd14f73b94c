/** The fields of a definition that take expressions, by the names under which the engine evaluates them. */
import type { Node, TaskNode } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";

export interface TemplateField {
  /** Relative to its node, as in a JSON pointer: `input`, `cases/0/when`. */
  readonly field: string;
  readonly source: JsonValue;
}

/** The condition of a poll, and the input of a compensation: both see more than other fields of their node. */
export const UNTIL_FIELD = "poll/until";
export const COMPENSATE_FIELD = "compensate/input";

/** Those of the node itself; what a map's body computes belongs to the nodes in it. */
export function templateFields(node: Node): TemplateField[] {
  switch (node.type) {
    case "task":
      return taskFields(node);
    case "choice":
      return node.cases.map(({ when }, i) => ({ field: `cases/${i}/when`, source: conditionSource(when) }));
    case "sleep":
      return given({ duration: node.duration, until: node.until });
    case "approval":
      return given({
        title: node.title,
        description: node.description,
        assignees: node.assignees,
        timeout: node.timeout,
      });
    case "signal":
      return given({ signal: node.signal, timeout: node.timeout });
    case "map":
      return given({ items: node.items });
    case "workflow":
      return given({ input: node.input });
    case "transform":
      return given({ value: node.value });
    case "http":
      return given({ request: node.request as JsonValue });
    case "fail":
      return given({ code: node.code, message: node.message });
    case "succeed":
      return given({ output: node.output });
  }
}

function taskFields({ input, concurrencyKey, poll, compensate }: TaskNode): TemplateField[] {
  return given({
    input,
    concurrencyKey,
    [UNTIL_FIELD]: poll && conditionSource(poll.until),
    [COMPENSATE_FIELD]: compensate?.input,
  });
}

/** As a template has it. A `=` that somebody wrote before it must not escape the one that is put there: it is a fault of its own. */
function conditionSource(condition: string): string {
  return condition.startsWith("=") ? `= ${condition}` : `=${condition}`;
}

function given(fields: { [field: string]: JsonValue | undefined }): TemplateField[] {
  return Object.entries(fields).flatMap(([field, source]) => (source === undefined ? [] : [{ field, source }]));
}
