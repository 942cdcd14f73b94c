/**
 * The definition's schema as a tree of plain data: what each type of node, an edge and the workflow are made of. Made from
 * the schema itself, so that a field that is added there is here, too; forms and completion are derived from it.
 */
import { z } from "zod";
import { definitionSchema, edgeSchema, type Meaning, meanings, type NodeType, nodeSchema } from "./definition";

export type Shape = { readonly description: string | null } & ShapeKind;

type ShapeKind =
  | { readonly kind: "text"; readonly longest: number | null }
  | { readonly kind: Meaning }
  | { readonly kind: "number"; readonly least: number; readonly most: number; readonly isWhole: boolean }
  | { readonly kind: "boolean" | "json" | "nodes" }
  | { readonly kind: "enum"; readonly options: readonly string[] }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "list"; readonly item: Shape }
  | { readonly kind: "record"; readonly value: Shape }
  | { readonly kind: "either"; readonly shapes: readonly Shape[] };

export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  readonly shape: Shape;
}

const OPTIONS = nodeSchema.options;

/** Without `type`, by which they are told apart. */
export const nodeShapes: ReadonlyMap<NodeType, readonly Member[]> = new Map(
  OPTIONS.map(({ shape }) => [shape.type.value, membersOf(shape).filter(({ name }) => name !== "type")]),
);
export const edgeShape: readonly Member[] = membersOf(edgeSchema.shape);
export const workflowShape: readonly Member[] = membersOf(definitionSchema.shape);

function membersOf(shape: { readonly [name: string]: unknown }): Member[] {
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    isOptional: schema instanceof z.ZodOptional,
    shape: shapeOf(schema),
  }));
}

function shapeOf(schema: unknown): Shape {
  const description = schema instanceof z.ZodType ? (schema.description ?? null) : null;
  if (!(schema instanceof z.ZodOptional)) return { ...kindOf(schema), description };
  const inner = shapeOf(schema.unwrap());
  return { ...inner, description: description ?? inner.description };
}

function kindOf(schema: unknown): ShapeKind {
  const meaning = schema instanceof z.ZodType ? meanings.get(schema)?.meaning : undefined;
  if (meaning !== undefined) return { kind: meaning };
  if (schema instanceof z.ZodString) return { kind: "text", longest: schema.maxLength };
  if (schema instanceof z.ZodNumber) return numberKind(schema);
  if (schema instanceof z.ZodBoolean) return { kind: "boolean" };
  if (schema instanceof z.ZodEnum) return { kind: "enum", options: schema.options.map(String) };
  if (schema instanceof z.ZodObject) return { kind: "object", members: membersOf(schema.shape) };
  if (schema instanceof z.ZodArray) return { kind: "list", item: shapeOf(schema.element) };
  if (schema instanceof z.ZodRecord) return { kind: "record", value: shapeOf(schema.valueType) };
  if (schema instanceof z.ZodUnion) return { kind: "either", shapes: schema.options.map(shapeOf) };
  // Only nodes hold themselves.
  return { kind: schema instanceof z.ZodLazy ? "nodes" : "json" };
}

function numberKind({ minValue, maxValue, format }: z.ZodNumber): ShapeKind {
  return {
    kind: "number",
    least: minValue ?? Number.NEGATIVE_INFINITY,
    most: Math.min(maxValue ?? Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER),
    isWhole: format === "safeint",
  };
}
