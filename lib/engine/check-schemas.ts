/**
 * Whether a JSON Schema can be applied to whatever comes: every reference leads somewhere, none leads to itself, every
 * pattern is one, and no value makes it cost much. What JSON Schema calls valid but useless is left to its author.
 */
import { dereference, type Schema, validate } from "@cfworker/json-schema";
import type { Definition, Node } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import type { JsonValue } from "@/lib/contract/json";
import { SCHEMA_DRAFT } from "./input-schema";

type Part = Schema | boolean;
type Lookup = Record<string, Part>;

const MAX_BYTES = 64 * 1024;
/** Subschemas that one value is held against at once. */
const MAX_UNFOLDED = 2_000;
const TYPES = new Set(["array", "boolean", "integer", "null", "number", "object", "string"]);
const ONE_OF_EACH_TYPE = [null, true, 0, "", [], {}];

/** Of everything in a definition that is a schema: what its input and what the answers to its approvals must fit. */
export function checkSchemas({ inputSchema, nodes }: Definition): Finding[] {
  const found = [...formsOf(nodes, "/nodes")].map(({ path, node, form }) => finding(form, path, "form", node));
  return [finding(inputSchema, "/inputSchema", "input schema"), ...found].flatMap((one) => one ?? []);
}

function finding(schema: JsonValue | undefined, path: string, what: string, node?: string): Finding | null {
  const problem = schema === undefined ? null : schemaProblem(schema, what);
  if (problem === null) return null;
  const code = what.toUpperCase().replaceAll(" ", "_");
  return { code, severity: "error", path, message: problem, ...(node === undefined ? {} : { node }) };
}

function* formsOf(nodes: readonly Node[], path: string): Generator<{ path: string; node: string; form: JsonValue }> {
  for (const [i, node] of nodes.entries()) {
    if (node.type === "approval" && node.form !== undefined)
      yield { path: `${path}/${i}/form`, node: node.id, form: node.form };
    if (node.type === "map" && "nodes" in node.body) yield* formsOf(node.body.nodes, `${path}/${i}/body/nodes`);
  }
}

/** What keeps a schema from being applied, in a sentence; null where nothing does. @param what it is called there */
export function schemaProblem(given: JsonValue, what: string): string | null {
  if (typeof given === "boolean") return null;
  const schema = given as Schema;
  if (JSON.stringify(schema).length > MAX_BYTES) return `Make the ${what} smaller than ${MAX_BYTES} bytes.`;
  try {
    const lookup: Lookup = dereference(schema);
    const unfolded = new Map<Part, number>();
    for (const [uri, part] of Object.entries(lookup)) {
      const where = `at ${uri.includes("#") ? uri.slice(uri.indexOf("#")) : "#"}`;
      const problem = typeProblem(part) ?? unfoldingProblem(unfold(part, lookup, unfolded));
      if (problem !== null) return `${problem} (${where}).`;
      for (const value of ONE_OF_EACH_TYPE) validate(value, part, SCHEMA_DRAFT, lookup, false);
    }
    return null;
  } catch (error) {
    // The message's first line names what it stumbled over; the others list everything it knows.
    return `Correct the ${what}: ${String(error instanceof Error ? error.message : error).split("\n")[0]}`;
  }
}

function typeProblem(part: Part): string | null {
  if (typeof part === "boolean" || part.type === undefined) return null;
  const unknown = [part.type].flat().find((type) => !TYPES.has(type));
  return unknown === undefined ? null : `Correct the type ${JSON.stringify(unknown)}`;
}

function unfoldingProblem(size: number): string | null {
  if (size === Number.POSITIVE_INFINITY) return "Take the reference out that leads back to itself";
  return size > MAX_UNFOLDED ? `Nest fewer alternatives: one value is held against over ${MAX_UNFOLDED} schemas` : null;
}

/** How many subschemas are applied to the very same value; infinite where a reference leads back to where it stands. */
function unfold(part: Part, lookup: Lookup, known: Map<Part, number>): number {
  if (typeof part === "boolean") return 1;
  const before = known.get(part);
  if (before !== undefined) return before;
  known.set(part, Number.POSITIVE_INFINITY);
  const size = inPlace(part, lookup).reduce<number>((sum, inner) => sum + unfold(inner, lookup, known), 1);
  known.set(part, size);
  return size;
}

function inPlace(part: Schema, lookup: Lookup): Part[] {
  const target = part.$ref === undefined ? undefined : lookup[part.__absolute_ref__ ?? part.$ref];
  const all = [part.allOf, part.anyOf, part.oneOf, Object.values(part.dependentSchemas ?? {})].flatMap(
    (list) => list ?? [],
  );
  return [...all, part.not, part.if, part.then, part.else, target].filter((inner) => inner !== undefined);
}
