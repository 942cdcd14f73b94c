/**
 * What evaluating may cost. Bounded syntax is not enough: two nested macros over a list of half a million are 10¹¹ steps.
 * Each step of a macro costs 1, and so does each element (or 16 characters) that an operator or function has to look at.
 */
import type { ASTNode } from "@marcbachmann/cel-js";

/** Of all the expressions of one field: some tenths of a second at worst. */
export const COST_LIMIT = 1_000_000;

let left = COST_LIMIT;

/** Runs with a full purse; evaluation is synchronous, so that one purse is enough. */
export function withCostLimit<T>(run: () => T): T {
  left = COST_LIMIT;
  return run();
}

/** The language's operators swallow errors that another operand outweighs; so whoever evaluates asks afterwards, too. */
export function isOverCost(): boolean {
  return left < 0;
}

export const OVER_COST = "The expression costs too much: let it look at fewer elements.";

/** Made once: a macro may swallow it for each of a hundred thousand elements, and a stack trace each would cost more. */
const overCost = new Error(OVER_COST);

function charge(cost: number) {
  left -= cost;
  if (left < 0) throw overCost;
}

/** A node as the library (pinned to one version) runs it: its own `evaluate` stands before what parsing gave it. */
interface RunningNode {
  readonly meta: {
    readonly alternate?: RunningNode & { readonly args: { readonly step: RunningNode } };
    readonly macro?: RunningNode;
    readonly evaluate: Evaluate;
  };
  evaluate: Evaluate;
}
type Evaluate = (evaluator: unknown, node: unknown, context: unknown) => unknown;

const DEEP = new Set(["==", "!=", "in"]);
const LOOKING = new Set([...DEEP, "+", "<", "<=", ">", ">="]);

/** Makes the tree pay as it runs. Once a tree, before its first run. */
export function meter(node: ASTNode) {
  if (node.op === "call" || node.op === "rcall") {
    const [name, ...rest] = node.args;
    if (name === "has") return;
    const operands = rest.flat() as ASTNode[];
    const [receiver] = operands;
    const macro = running(node).meta.alternate;
    if (macro === undefined) for (const operand of operands) pay(operand, false);
    else if (receiver !== undefined) pay(receiver, false);
    for (const operand of operands) meter(operand);
    if (macro !== undefined) payStep(macro.args.step);
    return;
  }
  for (const operand of operandsOf(node)) {
    if (LOOKING.has(node.op)) pay(operand, DEEP.has(node.op));
    meter(operand);
  }
}

function operandsOf(node: ASTNode): ASTNode[] {
  if (node.op === "map") return node.args.flat();
  const args: unknown[] = Array.isArray(node.args) ? node.args : [node.args];
  return args.filter((arg): arg is ASTNode => typeof arg === "object" && arg !== null && "op" in arg);
}

function pay(operand: ASTNode, deep: boolean) {
  if (operand.op === "value") return;
  before(running(operand), (value) => charge(sizeOf(value, deep)));
}

function payStep(step: RunningNode) {
  before(step, () => charge(1));
}

function before(node: RunningNode, settle: (value: unknown) => void) {
  const own = Object.hasOwn(node, "evaluate") ? node.evaluate : null;
  node.evaluate = (evaluator, ast, context) => {
    const value = own === null ? run(node, evaluator, context) : own(evaluator, ast, context);
    settle(value);
    return value;
  };
}

function run(node: RunningNode, evaluator: unknown, context: unknown): unknown {
  const { alternate, macro, evaluate } = node.meta;
  if (alternate !== undefined) return alternate.evaluate(evaluator, alternate, context);
  if (macro !== undefined) return macro.evaluate(evaluator, macro, context);
  return evaluate(evaluator, node, context);
}

function running(node: ASTNode): RunningNode {
  return node as unknown as RunningNode;
}

function sizeOf(value: unknown, deep: boolean): number {
  if (typeof value === "string") return 1 + value.length / 16;
  if (typeof value !== "object" || value === null) return 1;
  const members = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : Object.values(value);
  if (!deep) return 1 + members.length;
  let size = 1;
  for (const member of members) {
    size += sizeOf(member, true);
    if (size > COST_LIMIT) break;
  }
  return size;
}
