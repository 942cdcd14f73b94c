/**
 * The types that a definition lets one know of: of its input from its schema, of what steps return from what expressions
 * read of it. What expressions disagree about is left unknown.
 */
import type { JsonValue } from "../../contract/json";
import { isIdentifier, propertyName } from "./code";
import type { Reference, Words } from "./words";

interface Shape {
  readonly fields: Map<string, Shape>;
  /** `number`, `unknown[]`; none where nothing says. */
  leaf?: string;
  isOptional?: boolean;
}

/** Members that a reference has of its own. */
const HIDDEN = new Set(["eq", "ne", "gt", "gte", "lt", "lte", "oneOf", "exists", "orElse", "at"]);

/** What of a node's output is known by name, whatever it does. */
const KNOWN: { readonly [kind: string]: readonly string[] } = {
  approval: ["decision", "data", "comment", "decidedBy"],
  http: ["status", "headers", "body"],
};

export class Shapes {
  /** By the node whose output it is, or `null` for the input. */
  private readonly shapes = new Map<string | null, Shape>();
  private readonly disputed = new Set<string | null>();
  private isInputDescribed = false;

  /** `kinds`: the types of the nodes, by id. */
  constructor(private readonly kinds: ReadonlyMap<string, string>) {}

  /** The input, as its schema says. */
  readInput(schema: JsonValue | undefined): void {
    if (!isObject(schema) || !isObject(schema.properties)) return;
    this.shapes.set(null, shapeOfSchema(schema));
    this.isInputDescribed = true;
  }

  /** Nothing is said of what it returns. */
  leaveOpen(node: string): void {
    this.disputed.add(node);
  }

  readWords(words: Words | null): void {
    if (words === null) return;
    if (words.is === "not") this.readWords(words.inner);
    else if (words.is === "and" || words.is === "or") {
      this.readWords(words.left);
      this.readWords(words.right);
    } else if (words.is === "text") for (const value of words.values) this.note(value);
    else if (words.is === "compare")
      this.note(words.of, leafOf(words.operator === "oneOf" ? words.value : [words.value]));
    else this.note(words.of);
  }

  /** `null`: it is compared with what no type of one word is. */
  note({ root, node, segments }: Reference, leaf?: string | null): void {
    const of = this.ownerOf(root, node);
    if (of === undefined || (segments.length === 0 && leaf === undefined)) return;
    let shape: Shape = this.shapes.get(of) ?? { fields: new Map() };
    this.shapes.set(of, shape);
    for (const segment of segments) {
      if (typeof segment === "number" || shape.leaf !== undefined) {
        this.disputed.add(of);
        return;
      }
      const isUnheardOf = of === null && this.isInputDescribed;
      const next: Shape = shape.fields.get(segment) ?? { fields: new Map(), ...(isUnheardOf && { isOptional: true }) };
      shape.fields.set(segment, next);
      shape = next;
    }
    if (leaf === undefined) return;
    if (leaf === null || (shape.leaf ?? leaf) !== leaf || shape.fields.size > 0) this.disputed.add(of);
    else shape.leaf = leaf;
  }

  private ownerOf(root: Reference["root"], node: string | undefined): string | null | undefined {
    if (root === "input") return null;
    return root === "output" && node !== undefined && this.kinds.get(node) === "task" ? node : undefined;
  }

  /** Whether there is more to say of it than `unknown`. */
  isKnown(of: string | null): boolean {
    return this.shapes.has(of) && !this.disputed.has(of);
  }

  /** Whether it may be read by the name itself, and not by `at`. */
  hasMember({ root, node, segments }: Reference, depth: number): boolean {
    const key = segments[depth];
    if (typeof key !== "string" || !isIdentifier(key) || HIDDEN.has(key)) return false;
    if (root === "error" || root === "execution") return depth === 0 && key !== "details";
    const of = this.ownerOf(root, node);
    if (of === undefined) return depth === 0 && (KNOWN[this.kinds.get(node ?? "") ?? ""] ?? []).includes(key);
    return this.isKnown(of);
  }

  /** The type of what is there; `unknown` where nothing says. */
  typeAt({ root, node, segments }: Reference, nameOf: (of: string | null) => string): string {
    const of = this.ownerOf(root, node);
    if (of === undefined || !this.isKnown(of)) return root === "index" ? "number" : "unknown";
    let shape = this.shapes.get(of);
    for (const segment of segments) {
      shape = shape?.fields.get(String(segment));
      if (shape === undefined || shape.isOptional) return "unknown";
    }
    if (segments.length === 0) return nameOf(of);
    if (shape === undefined || shape.fields.size === 0) return shape?.leaf ?? "unknown";
    return nameOf(of) + segments.map((segment) => `[${JSON.stringify(segment)}]`).join("");
  }

  /** Its declaration, under that name. */
  declare(of: string | null, name: string): string {
    const shape: Shape = this.shapes.get(of) ?? { fields: new Map() };
    if (shape.fields.size === 0) return `type ${name} = ${shape.leaf ?? "unknown"};`;
    return `interface ${name} ${typeOfShape(shape, 0)}`;
  }
}

function typeOfShape({ fields, leaf }: Shape, indent: number): string {
  if (fields.size === 0) return leaf ?? "unknown";
  const pad = " ".repeat(indent + 2);
  const members = [...fields].map(
    ([key, shape]) => `${pad}${propertyName(key)}${shape.isOptional ? "?" : ""}: ${typeOfShape(shape, indent + 2)};\n`,
  );
  return `{\n${members.join("")}${" ".repeat(indent)}}`;
}

function leafOf(values: JsonValue): string | null {
  if (!Array.isArray(values)) return null;
  if (values.length === 1 && Array.isArray(values[0])) return "unknown[]";
  const kinds = new Set(values.map((value) => (value === null ? "null" : typeof value)));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined && kind !== "object" && kind !== "null" ? kind : null;
}

function shapeOfSchema(schema: JsonValue): Shape {
  const fields = new Map<string, Shape>();
  if (!isObject(schema)) return { fields };
  const { type, properties, required } = schema;
  if (isObject(properties) && (type === undefined || type === "object")) {
    for (const [key, inner] of Object.entries(properties)) {
      const isRequired = Array.isArray(required) && required.includes(key);
      fields.set(key, { ...shapeOfSchema(inner), ...(isRequired ? {} : { isOptional: true }) });
    }
    return { fields };
  }
  const leaf = typeof type === "string" ? LEAVES[type] : undefined;
  return leaf === undefined ? { fields } : { fields, leaf };
}

const LEAVES: { readonly [type: string]: string } = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  array: "unknown[]",
};

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
