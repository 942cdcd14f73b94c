/** Finds expressions that read a field which the step does not return, where the step says what it returns. */
import { templateFields } from "@/lib/core/definition/fields";
import type { Path } from "@/lib/core/expressions/references";
import { compileTemplate } from "@/lib/core/expressions/template";
import type { Definition, Finding, JsonValue, MapNode, Node } from "../types/definition";
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
  const own = templateFields(node).flatMap(({ field, source }) =>
    checkTemplate(source, { path: `${path}/${field}`, node: node.id }, returned),
  );
  return node.type === "map" ? [...own, ...checkBody(node, `${path}/body`, returned)] : own;
}

function checkBody({ id, body }: MapNode, path: string, returned: Returned): Finding[] {
  if (!("nodes" in body)) return checkNode({ ...body, id, type: "task" }, path, returned);
  const { nodes, output } = body;
  return [
    ...nodes.flatMap((inner, i) => checkNode(inner, `${path}/nodes/${i}`, returned)),
    ...(output === undefined ? [] : checkTemplate(output, { path: `${path}/output`, node: id }, returned)),
  ];
}

function checkTemplate(source: JsonValue, { path, node }: Place, returned: Returned): Finding[] {
  return compileTemplate(source).expressions.flatMap(({ pointer, compiled }) =>
    ("fault" in compiled ? [] : compiled.references.paths).flatMap((read): Finding[] => {
      const { step, fields } = resultOf(read, node);
      const unknown = step === undefined ? null : unknownField(returned.get(step), fields);
      if (unknown === null) return [];
      const message = `${read.text} reads the field ${unknown}, which ${step} does not return: correct its name, or add it to what the step returns.`;
      const place = { path: path + pointer, ...(node !== undefined && { node }) };
      return [{ code: "UNKNOWN_RESULT_FIELD", severity: "error", ...place, message }];
    }),
  );
}

/** Whose result is read, and what of it; in `poll.until`, `output` is the node's own. */
function resultOf({ root, segments }: Path, node: string | undefined): { step?: string; fields: Path["segments"] } {
  if (root === "output") return { step: node, fields: segments };
  const [step, what, ...fields] = segments;
  return root === "steps" && what === "output" ? { step: String(step), fields } : { fields };
}

/** The first of the fields that the schema has no place for, or null. */
function unknownField(of: JsonSchema | undefined, fields: Path["segments"]): string | null {
  let schema: unknown = of;
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
