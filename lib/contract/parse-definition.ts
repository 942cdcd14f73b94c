/** From any JSON document to a definition of the right shape, or to everything that is wrong with its shape. */
import type { z } from "zod";
import { DEFINITION_FORMAT, type Definition, definitionSchema, nodeSchema } from "./definition";
import type { Finding } from "./findings";

/**
 * All findings on shape at once, each with its JSON pointer and, inside a node, the innermost node's id. What a definition of the
 * right shape may still get wrong is `validateDefinition`'s to say; where fields too many are all that is wrong, the
 * definition without them comes along, so that it can be asked as well. A format that this build does not know is the
 * only finding, for nothing else in it can be judged.
 */
export function parseDefinition(document: unknown): { definition: Definition | null; findings: Finding[] } {
  const format = memberOf(document, "format");
  if (typeof format === "number" && format > DEFINITION_FORMAT) {
    const message = `This server knows definitions up to format ${DEFINITION_FORMAT}: send one of those, or update the server.`;
    return { definition: null, findings: [{ code: "FORMAT_TOO_NEW", severity: "error", path: "/format", message }] };
  }
  const parsed = definitionSchema.safeParse(document);
  if (parsed.success) return { definition: parsed.data, findings: [] };
  const issues = parsed.error.issues.flatMap((issue) => withoutUnion(document, issue));
  return {
    definition: definitionSchema.safeParse(withoutUnknownFields(document, issues)).data ?? null,
    findings: issues.flatMap((issue) => findingsOf(document, issue)),
  };
}

type Issue = z.core.$ZodIssue;

/** A map's body is a graph where it has nodes, and else a task: what it lacks of the other is no finding. */
function withoutUnion(document: unknown, issue: Issue): Issue[] {
  if (issue.code !== "invalid_union" || !isBody(issue.path)) return [issue];
  const body = issue.path.reduce<unknown>(memberOf, document);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return [issue];
  const [ofGraph = [], ofTask = []] = issue.errors;
  const isGraph = Object.hasOwn(body, "nodes") || (Object.hasOwn(body, "edges") && !Object.hasOwn(body, "task"));
  return (isGraph ? ofGraph : ofTask).flatMap((inner) =>
    withoutUnion(document, { ...inner, path: [...issue.path, ...inner.path] }),
  );
}

function isBody(path: readonly PropertyKey[]): boolean {
  return path.at(-1) === "body" && typeof path.at(-2) === "number";
}

function withoutUnknownFields(document: unknown, issues: readonly Issue[]): unknown {
  const copy = copyOf(document);
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const parent = issue.path.reduce<unknown>(memberOf, copy);
    if (typeof parent === "object" && parent !== null)
      for (const key of issue.keys) Reflect.deleteProperty(parent, key);
  }
  return copy;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}

function findingsOf(document: unknown, issue: Issue): Finding[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const message = `There is no field ${key} here: take it out, or correct its name.`;
      return finding(document, "UNKNOWN_FIELD", [...issue.path, key], message);
    });
  }
  return [finding(document, codeOf(document, issue), issue.path, messageOf(document, issue))];
}

const IDS = new Set<PropertyKey>(["id", "name", "from", "to", "port", "task", "queue", "rethrow", "ports", "workflow"]);
const DURATIONS = new Set<PropertyKey>(["duration", "initialInterval", "maxInterval", "interval"]);

function codeOf(document: unknown, issue: Issue): string {
  const { path } = issue;
  const last = path.at(-1);
  if (isMissing(document, path)) return "MISSING_FIELD";
  if (issue.code === "invalid_union" && last === "type") return "UNKNOWN_NODE_TYPE";
  if (isNodes(path) && issue.code === "too_small") return "EMPTY_GRAPH";
  if (issue.code === "invalid_format" && path.some((part) => IDS.has(part))) return "MALFORMED_ID";
  if (last === "join") return "JOIN_OUT_OF_RANGE";
  if (last !== undefined && DURATIONS.has(last)) return "BAD_DURATION";
  if (path.includes("retry")) return "RETRY_OUT_OF_BOUNDS";
  if (path.includes("timeout")) return "BAD_DURATION";
  return issue.code === "too_big" || issue.code === "too_small" ? "OUT_OF_BOUNDS" : "WRONG_TYPE";
}

function messageOf(document: unknown, issue: Issue): string {
  const { path } = issue;
  const name = String(path.at(-1) ?? "The definition");
  if (isBody(path)) return "Give the map a body: nodes and edges, or the fields of one task.";
  if (isMissing(document, path)) {
    return isBody(path.slice(0, -1)) ? "Give the body nodes and edges, or a task." : `Add the field ${name}.`;
  }
  if (issue.code === "invalid_union" && name === "type") return `Give the node one of the types ${TYPES.join(", ")}.`;
  if (issue.code === "too_small" && isNodes(path)) return "Add a node: the graph has none.";
  if (issue.code !== "invalid_union") return `Correct ${name}: ${issue.message}.`;
  if (name === "join") return "Give join all, any, or how many incoming edges the node waits for, at least 1.";
  if (codeOf(document, issue) === "BAD_DURATION") {
    return `Write ${name} as a duration: 250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds.`;
  }
  return `Correct ${name}: it has the wrong type.`;
}

const TYPES = nodeSchema.options.flatMap(({ shape }) => [...shape.type.values]);

/** Whether it leads to the nodes of a graph: the definition's own, or a map's body. */
function isNodes(path: readonly PropertyKey[]): boolean {
  return path.at(-1) === "nodes" && (path.length === 1 || isBody(path.slice(0, -1)));
}

function isMissing(document: unknown, path: readonly PropertyKey[]): boolean {
  return path.length > 0 && path.reduce<unknown>(memberOf, document) === undefined;
}

function finding(document: unknown, code: string, path: readonly PropertyKey[], message: string): Finding {
  const node = nodeAround(document, path);
  return {
    code,
    severity: "error",
    path: path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    ...(typeof node === "string" ? { node } : {}),
    message,
  };
}

/** The id of the innermost node that a path leads into; of a short body's the map's. */
function nodeAround(document: unknown, path: readonly PropertyKey[]): unknown {
  let graph = document;
  let id: unknown;
  for (let i = 0; path[i] === "nodes" && i + 1 < path.length; i += 3) {
    const node = path.slice(i, i + 2).reduce<unknown>(memberOf, graph);
    id = memberOf(node, "id");
    graph = memberOf(node, String(path[i + 2]));
  }
  return id;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
