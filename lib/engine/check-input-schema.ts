/**
 * Whether an input schema can be applied to whatever comes: every reference leads somewhere, none leads to itself, every
 * pattern is one, and no value makes it cost much. What JSON Schema calls valid but useless is left to its author.
 */
import { dereference, type Schema, validate } from "@cfworker/json-schema";
import type { Definition } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import { INPUT_SCHEMA_DRAFT } from "./input-schema";

type Node = Schema | boolean;
type Lookup = Record<string, Node>;

const MAX_BYTES = 64 * 1024;
/** Subschemas that one value is held against at once. */
const MAX_UNFOLDED = 2_000;
const TYPES = new Set(["array", "boolean", "integer", "null", "number", "object", "string"]);
const ONE_OF_EACH_TYPE = [null, true, 0, "", [], {}];

export function checkInputSchema(schema: Definition["inputSchema"]): Finding[] {
  if (schema === undefined || typeof schema === "boolean") return [];
  const problem = problemOf(schema);
  if (problem === null) return [];
  return [{ code: "INPUT_SCHEMA", severity: "error", path: "/inputSchema", message: problem }];
}

function problemOf(schema: Schema): string | null {
  if (JSON.stringify(schema).length > MAX_BYTES) return `Make the input schema smaller than ${MAX_BYTES} bytes.`;
  try {
    const lookup: Lookup = dereference(schema);
    const unfolded = new Map<Node, number>();
    for (const [uri, part] of Object.entries(lookup)) {
      const where = `at ${uri.includes("#") ? uri.slice(uri.indexOf("#")) : "#"}`;
      const problem = typeProblem(part) ?? unfoldingProblem(unfold(part, lookup, unfolded));
      if (problem !== null) return `${problem} (${where}).`;
      for (const value of ONE_OF_EACH_TYPE) validate(value, part, INPUT_SCHEMA_DRAFT, lookup, false);
    }
    return null;
  } catch (error) {
    // The message's first line names what it stumbled over; the others list everything it knows.
    return `Correct the input schema: ${String(error instanceof Error ? error.message : error).split("\n")[0]}`;
  }
}

function typeProblem(part: Node): string | null {
  if (typeof part === "boolean" || part.type === undefined) return null;
  const unknown = [part.type].flat().find((type) => !TYPES.has(type));
  return unknown === undefined ? null : `Correct the type ${JSON.stringify(unknown)}`;
}

function unfoldingProblem(size: number): string | null {
  if (size === Number.POSITIVE_INFINITY) return "Take the reference out that leads back to itself";
  return size > MAX_UNFOLDED ? `Nest fewer alternatives: one value is held against over ${MAX_UNFOLDED} schemas` : null;
}

/** How many subschemas are applied to the very same value; infinite where a reference leads back to where it stands. */
function unfold(part: Node, lookup: Lookup, known: Map<Node, number>): number {
  if (typeof part === "boolean") return 1;
  const before = known.get(part);
  if (before !== undefined) return before;
  known.set(part, Number.POSITIVE_INFINITY);
  const size = inPlace(part, lookup).reduce<number>((sum, inner) => sum + unfold(inner, lookup, known), 1);
  known.set(part, size);
  return size;
}

function inPlace(part: Schema, lookup: Lookup): Node[] {
  const target = part.$ref === undefined ? undefined : lookup[part.__absolute_ref__ ?? part.$ref];
  const all = [part.allOf, part.anyOf, part.oneOf, Object.values(part.dependentSchemas ?? {})].flatMap(
    (list) => list ?? [],
  );
  return [...all, part.not, part.if, part.then, part.else, target].filter((inner) => inner !== undefined);
}
