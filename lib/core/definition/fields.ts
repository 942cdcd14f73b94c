/** The fields of a definition that take expressions, by the names under which the engine evaluates them. */
import type { Node } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";

export interface TemplateField {
  /** Relative to its node, as in a JSON pointer: `input`, `cases/0/when`. */
  readonly field: string;
  readonly source: JsonValue;
}

export function templateFields(node: Node): TemplateField[] {
  switch (node.type) {
    case "task":
      return given({ input: node.input });
    case "choice":
      return node.cases.map(({ when }, i) => ({ field: `cases/${i}/when`, source: `=${when}` }));
    case "sleep":
      return given({ duration: node.duration, until: node.until });
    case "transform":
      return given({ value: node.value });
    case "fail":
      return given({ code: node.code, message: node.message });
    case "succeed":
      return given({ output: node.output });
  }
}

function given(fields: { [field: string]: JsonValue | undefined }): TemplateField[] {
  return Object.entries(fields).flatMap(([field, source]) => (source === undefined ? [] : [{ field, source }]));
}
