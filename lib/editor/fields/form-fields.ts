/**
 * The fields of a form, derived from the schema: what each type of node, an edge and the workflow can be told. Nothing of the
 * schema is left out, so that what is new in the format can be edited the day it is there; only order and grouping are said here.
 */
import type { NodeType } from "../../contract/definition";
import { edgeShape, type Member, nodeShapes, type Shape, workflowShape } from "../../contract/definition-shape";
import type { JsonValue } from "../../contract/json";

export const FIELD_GROUPS = ["main", "failure", "routing", "advanced"] as const;
/** What it does; what happens when it fails; how it is reached and left; what one needs seldom. */
export type FieldGroup = (typeof FIELD_GROUPS)[number];

export interface FormField {
  readonly name: string;
  /** From the node, the edge or the workflow; of a field of a list's items, from the item. */
  readonly path: readonly string[];
  readonly control: Control;
  readonly shape: Shape;
  readonly isOptional: boolean;
  readonly description: string | null;
  /** What holds where nothing is written, as the schema says it; shown, and never written. */
  readonly fallback: string | null;
  readonly group: FieldGroup;
  /** Of an object its members; of a list of objects those of each. */
  readonly fields: readonly FormField[];
  /** Of either of two objects: the fields of each. */
  readonly variants: readonly (readonly FormField[])[];
}

/** How it is entered. `json` takes whatever there is no better way for. */
export type Control =
  | Exclude<Shape["kind"], "list" | "either">
  | "names"
  | "rows"
  | "enum-or-number"
  | "one-or-many"
  | "body";

/** In this order where they occur; those that are not named come last, among the advanced. */
const GROUPS: { readonly [group in FieldGroup]: readonly string[] } = {
  main: [
    ...["workflow", "version", "task", "queue", "input", "cases", "duration", "until", "title", "description"],
    ...["assignees", "form", "signal", "items", "body", "concurrency", "failure", "wait", "onCancel", "value"],
    ...["request", "code", "message", "rethrow", "inputSchema", "output", "poll", "defaults"],
  ],
  failure: ["retry", "timeout", "compensate"],
  routing: ["join", "keepLosers", "ports"],
  advanced: ["priority", "sticky", "concurrencyKey", "concurrencyLimit"],
};
const PLACES = new Map(
  FIELD_GROUPS.flatMap((group) => GROUPS[group].map((name, order) => [name, { group, order }] as const)),
);

/** These are no fields of a form: an id is renamed, nodes and edges are drawn. */
const DRAWN: ReadonlySet<string> = new Set(["id", "name", "format", "nodes", "edges"]);

const BY_TYPE = new Map<NodeType, readonly FormField[]>();

export function nodeFields(type: NodeType): readonly FormField[] {
  const made = BY_TYPE.get(type) ?? inOrder(formFields(nodeShapes.get(type) ?? [], [], groupOf));
  BY_TYPE.set(type, made);
  return made;
}

export const workflowFields: readonly FormField[] = inOrder(formFields(workflowShape, [], groupOf));
export const edgeFields: readonly FormField[] = formFields(edgeShape, [], () => "main");

/** How long one waits for a decision or a signal is no failure. */
function groupOf(name: string, { kind }: Shape): FieldGroup {
  return kind === "duration-template" ? "main" : (PLACES.get(name)?.group ?? "advanced");
}

function inOrder(fields: readonly FormField[]): FormField[] {
  const orderOf = ({ name, group }: FormField) => {
    const place = PLACES.get(name);
    return [FIELD_GROUPS.indexOf(group), place?.group === group ? place.order : Number.MAX_SAFE_INTEGER] as const;
  };
  return fields.toSorted((a, b) => {
    const [groupA, orderA] = orderOf(a);
    const [groupB, orderB] = orderOf(b);
    return groupA - groupB || orderA - orderB;
  });
}

function formFields(
  members: readonly Member[],
  path: readonly string[],
  toGroup: (name: string, shape: Shape) => FieldGroup,
): FormField[] {
  return members
    .filter(({ name }) => !DRAWN.has(name))
    .map(({ name, isOptional, shape }) => {
      const at = [...path, name];
      const group = toGroup(name, shape);
      return {
        name,
        path: at,
        control: controlOf(shape),
        shape,
        isOptional,
        description: shape.description,
        fallback: fallbackOf(shape.description),
        group,
        ...insideOf(shape, at, group),
      };
    });
}

function insideOf(shape: Shape, path: readonly string[], group: FieldGroup): Pick<FormField, "fields" | "variants"> {
  const fieldsOf = (members: readonly Member[], at: readonly string[]) => formFields(members, at, () => group);
  if (shape.kind === "object") return { fields: fieldsOf(shape.members, path), variants: [] };
  if (shape.kind === "list" && shape.item.kind === "object")
    return { fields: fieldsOf(shape.item.members, []), variants: [] };
  if (shape.kind !== "either") return { fields: [], variants: [] };
  const variants = shape.shapes.flatMap((each) => (each.kind === "object" ? [fieldsOf(each.members, path)] : []));
  return { fields: [], variants };
}

function controlOf(shape: Shape): Control {
  switch (shape.kind) {
    case "list":
      if (shape.item.kind === "object") return "rows";
      return shape.item.kind === "text" || shape.item.kind === "name" ? "names" : "json";
    case "either":
      return eitherControl(shape.shapes.map(({ kind }) => kind).join(" "));
    default:
      return shape.kind;
  }
}

function eitherControl(kinds: string): Control {
  if (kinds === "enum number") return "enum-or-number";
  if (kinds === "text-template list") return "one-or-many";
  return kinds === "object object" ? "body" : "json";
}

/** `The first one counts; default 3`, `Default: the latest when the step begins`. */
function fallbackOf(description: string | null): string | null {
  return /\bdefault:? ([^;]+)/i.exec(description ?? "")?.[1] ?? null;
}

/** What is said in words beside a field whose fallback stands in it already. */
export function hintOf({ description, fallback }: FormField): string | null {
  if (description === null || fallback === null) return description;
  const rest = description.replace(/[;,]?\s*\bdefault:? [^;]+/i, "").trim();
  return rest === "" ? null : rest;
}

/** All of them, those inside others too. */
export function everyField(fields: readonly FormField[]): FormField[] {
  return fields.flatMap((field) => [field, ...everyField(field.fields), ...field.variants.flatMap(everyField)]);
}

/** Fields that several nodes have in common: of one name, entered alike. */
export function commonFields(types: readonly NodeType[]): FormField[] {
  const [first, ...others] = [...new Set(types)].map(nodeFields);
  return (first ?? []).filter((field) =>
    others.every((each) => each.some(({ name, control }) => name === field.name && control === field.control)),
  );
}

/** What is written there; undefined: nothing is. */
export function valueAt(target: object | undefined, path: readonly (string | number)[]): JsonValue | undefined {
  let value: unknown = target;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, key) ? (value as { readonly [name: string | number]: unknown })[key] : undefined;
  }
  return value as JsonValue | undefined;
}
