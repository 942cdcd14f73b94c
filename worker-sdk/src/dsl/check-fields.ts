/** Finds expressions that read a field which the step does not return, where the step says what it returns. */
import { templateFields } from "@/lib/core/definition/fields";
import type { Path } from "@/lib/core/expressions/references";
import { compileTemplate } from "@/lib/core/expressions/template";
import type { Definition, Finding, JsonValue, Node } from "../types";
import type { JsonSchema } from "./json-schema";
import type { AnyStep } from "./step";

interface Place {
  readonly path: string;
  readonly node?: string;
}

export function checkFields({ nodes, output }: Definition, steps: readonly AnyStep[]): Finding[] {
  const returned = new Map(
    steps.flatMap(({ id, options: { returns } }) => (returns === undefined ? [] : [[id, returns]])),
  );
  if (returned.size === 0) return [];
  return [
    ...nodes.flatMap((node, i) => checkNode(node, `/nodes/${i}`, returned)),
    ...(output === undefined ? [] : checkTemplate(output, { path: "/output" }, returned)),
  ];
}

type Returned = ReadonlyMap<string, JsonSchema>;

function checkNode(node: Node, path: string, returned: Returned): Finding[] {
  return [
    ...templateFields(node).flatMap(({ field, source }) =>
      checkTemplate(source, { path: `${path}/${field}`, node: node.id }, returned),
    ),
    ...(node.type === "map" && "nodes" in node.body
      ? node.body.nodes.flatMap((inner, i) => checkNode(inner, `${path}/body/nodes/${i}`, returned))
      : []),
  ];
}

function checkTemplate(source: JsonValue, { path, node }: Place, returned: Returned): Finding[] {
  return compileTemplate(source).expressions.flatMap(({ pointer, compiled }): Finding[] => {
    if ("fault" in compiled) return [];
    return compiled.references.paths.flatMap((read): Finding[] => {
      const unknown = unknownField(read, returned);
      if (unknown === null) return [];
      const message = `${read.text} reads the field ${unknown}, which ${read.segments[0]} does not return: correct its name, or add it to what the step returns.`;
      return [
        {
          code: "UNKNOWN_RESULT_FIELD",
          severity: "error",
          path: path + pointer,
          ...(node !== undefined && { node }),
          message,
        },
      ];
    });
  });
}

/** The first segment of `steps.<id>.output.…` that the step's schema has no place for, or null. */
function unknownField({ root, segments }: Path, returned: Returned): string | null {
  const [id, what, ...fields] = segments;
  if (root !== "steps" || what !== "output") return null;
  let schema: unknown = returned.get(String(id));
  for (const field of fields) {
    const { properties, additionalProperties, items } = isObject(schema) ? schema : {};
    if (typeof field === "number") schema = items;
    else if (!isObject(properties) || isOpen(additionalProperties)) return null;
    else if (!Object.hasOwn(properties, field)) return field;
    else schema = properties[field];
  }
  return null;
}

function isOpen(additionalProperties: unknown): boolean {
  return additionalProperties === true || isObject(additionalProperties);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
