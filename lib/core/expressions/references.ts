/** What an expression reads, found in its syntax tree without running it; and what it may not do. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { COMMON_ROOTS, ROOTS, type Root } from "./environment";
import { written } from "./loop-word";

/** One operand: a root and the constant members and positions read from it. */
export interface Path {
  readonly root: Root;
  readonly segments: readonly (string | number)[];
  /** As one would write it: `steps.fetch.output.age`, `steps["a-b"].output`. */
  readonly text: string;
  /** Only asked for with `has()`. */
  readonly tested: boolean;
  /** Where it stands in the expression, from 0. */
  readonly position: number;
}

export interface References {
  readonly paths: readonly Path[];
  /** Ids of the steps it names. */
  readonly steps: ReadonlySet<string>;
  /** It reads `steps` by a computed name, or as a whole: any step may matter. */
  readonly anyStep: boolean;
}

/** What keeps an expression from being used, and where (from 0; null: not at one place). */
export interface Fault {
  readonly message: string;
  readonly position: number | null;
}

const MACROS = new Set(["all", "exists", "exists_one", "map", "filter"]);
const MAX_MACRO_NESTING = 2;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const roots: ReadonlySet<string> = new Set(ROOTS);
/** No variable may hide these. One that is called `item` is most natural, and what it hides is only there in some places. */
const unhidden: ReadonlySet<string> = new Set(COMMON_ROOTS);

interface Walk {
  readonly paths: Path[];
  readonly faults: Fault[];
  /** The variables of the macros around the present node. */
  readonly bound: string[];
}

/** The references of a parsed expression, or the first fault; see {@link Walk}. */
export function findReferences(ast: ASTNode): References | Fault {
  const walk: Walk = { paths: [], faults: [], bound: [] };
  visit(walk, ast);
  const [fault] = walk.faults;
  if (fault !== undefined) return fault;
  const ofSteps = walk.paths.filter(({ root }) => root === "steps");
  return {
    paths: walk.paths,
    steps: new Set(ofSteps.map(({ segments }) => segments[0]).filter((name) => typeof name === "string")),
    anyStep: ofSteps.some(({ segments }) => typeof segments[0] !== "string"),
  };
}

function visit(walk: Walk, node: ASTNode) {
  switch (node.op) {
    case "value":
      return;
    case "id":
    case ".":
    case "[]":
      return visitAccess(walk, node);
    case "call":
      return visitCall(walk, node);
    case "rcall":
      return visitMethod(walk, node);
    case "map":
      for (const [key, value] of node.args) {
        visit(walk, key);
        visit(walk, value);
      }
      return;
    case "!_":
    case "-_":
      return visit(walk, node.args);
    default:
      for (const operand of node.args) if (typeof operand === "object") visit(walk, operand);
  }
}

type Access = Extract<ASTNode, { op: "id" | "." | "[]" }>;

function visitAccess(walk: Walk, node: Access, tested = false) {
  const path = pathOf(walk, node, tested);
  if (path !== null) {
    walk.paths.push(path);
  } else if (node.op === ".") {
    visit(walk, node.args[0]);
  } else if (node.op === "[]") {
    visit(walk, node.args[0]);
    visit(walk, node.args[1]);
  }
}

function visitCall(walk: Walk, node: Extract<ASTNode, { op: "call" }>) {
  const [name, operands] = node.args;
  if (name !== "has") {
    for (const operand of operands) visit(walk, operand);
    return;
  }
  for (const operand of operands) {
    dotted(operand);
    if (operand.op === ".") visitAccess(walk, operand, true);
  }
}

function visitMethod(walk: Walk, node: Extract<ASTNode, { op: "rcall" }>) {
  const [name, receiver, operands] = node.args;
  if (name === "matches") fault(walk, node, "Regular expressions are not available: use contains, startsWith or ==.");
  if (name === "bind" && receiver.op === "id" && receiver.args === "cel")
    fault(walk, node, "cel.bind is not available.");
  visit(walk, receiver);
  if (!MACROS.has(name)) {
    for (const operand of operands) visit(walk, operand);
    return;
  }
  if (walk.bound.length === MAX_MACRO_NESTING)
    fault(walk, node, `${name} stands inside more than ${MAX_MACRO_NESTING} others.`);
  const [variable, ...bodies] = operands;
  if (variable?.op === "id" && unhidden.has(variable.args)) {
    fault(walk, variable, `Give the variable of ${name} another name than ${variable.args}.`);
  }
  walk.bound.push(variable?.op === "id" ? variable.args : "");
  for (const body of bodies) visit(walk, body);
  walk.bound.pop();
}

function fault(walk: Walk, node: ASTNode, message: string) {
  walk.faults.push({ message, position: node.start });
}

function pathOf(walk: Walk, node: ASTNode, tested: boolean): Path | null {
  const segments: (string | number)[] = [];
  let at = node;
  while (at.op === "." || at.op === "[]") {
    const segment = at.op === "." ? at.args[1] : constantKey(at.args[1]);
    if (segment === null) return null;
    segments.unshift(segment);
    at = at.args[0];
  }
  if (at.op !== "id" || walk.bound.includes(at.args)) return null;
  const root = written(at.args) as Root;
  if (!roots.has(root)) return null;
  return { root, segments, text: root + segments.map(segmentText).join(""), tested, position: at.start };
}

function constantKey(node: ASTNode): string | number | null {
  if (node.op !== "value") return null;
  if (typeof node.args === "string") return node.args;
  return typeof node.args === "bigint" ? Number(node.args) : null;
}

function segmentText(segment: string | number): string {
  if (typeof segment === "number") return `[${segment}]`;
  return IDENTIFIER.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}

/**
 * The language takes `has()` of dotted names only, but the id of a step may be no identifier: `steps["a-1"].output` in a
 * `has()` is turned, in place and before it is checked, into what `steps.a-1.output` would be if it could be written.
 */
function dotted(node: ASTNode) {
  let at: ASTNode = node;
  while (at.op === "." || at.op === "[]") {
    const left: ASTNode = at.args[0];
    const key = at.op === "[]" ? constantKey(at.args[1]) : null;
    if (typeof key === "string") Object.assign(at, { op: ".", args: [left, key] });
    at = left;
  }
}
