/** What validation says about expressions: those that do not parse, and those that read what cannot be there, or may not. */
import type { Definition, Node } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import type { Expression } from "../expressions/expression";
import type { Path } from "../expressions/references";
import { compileTemplate, type TemplateExpression } from "../expressions/template";
import { fromInstant } from "../time";
import { templateFields } from "./fields";
import { type LinkedNode, ordinalsOf } from "./graph";
import type { Reachability } from "./reachability";

/** One expression in its place; ordinal −1: in the definition's own output. */
interface Placed extends TemplateExpression {
  readonly path: string;
  readonly ordinal: number;
  readonly node?: string;
}

/** In a graph with cycles there is no before: only what an expression says by itself is judged. */
export function checkExpressions(
  definition: Definition,
  nodes: readonly LinkedNode[],
  reachability: Reachability | null,
): Finding[] {
  const ids = ordinalsOf(definition);
  const placed = placeAll(definition);
  return [
    ...placed.flatMap((expression) => {
      const { compiled } = expression;
      if ("fault" in compiled) return [syntaxFinding(expression, compiled.fault)];
      return checkSteps(expression, compiled, ids, reachability);
    }),
    ...definition.nodes.flatMap((node, i) => checkSleepUntil(node, i)),
    ...checkRethrows(definition, ids, reachability),
    ...findUnread(definition, nodes, placed),
  ];
}

function placeAll({ nodes, output }: Definition): Placed[] {
  const ofNodes = nodes.flatMap((node, ordinal) =>
    templateFields(node).flatMap(({ field, source }) =>
      compileTemplate(source).expressions.map((expression) => ({
        ...expression,
        path: `/nodes/${ordinal}/${field}${expression.pointer}`,
        ordinal,
        node: node.id,
      })),
    ),
  );
  const ofOutput = output === undefined ? [] : compileTemplate(output).expressions;
  return [...ofNodes, ...ofOutput.map((it) => ({ ...it, path: `/output${it.pointer}`, ordinal: -1 }))];
}

function syntaxFinding({ path, node, source }: Placed, fault: { message: string; position: number | null }): Finding {
  const place = fault.position === null ? "" : ` (at ${fault.position} of ${JSON.stringify(source)})`;
  const message = `Correct the expression: ${fault.message}${place}`;
  return { code: "EXPRESSION_SYNTAX", severity: "error", path, ...ownedBy(node), message };
}

function checkSteps(
  { path, node, ordinal }: Placed,
  { references }: Expression,
  ids: ReadonlyMap<string, number>,
  reachability: Reachability | null,
): Finding[] {
  const findings: Finding[] = [];
  const report = (code: string, severity: Finding["severity"], message: string) =>
    findings.push({ code, severity, path, ...ownedBy(node), message });
  for (const name of references.steps) {
    const step = ids.get(name);
    if (step === undefined) {
      report("UNKNOWN_STEP", "error", `There is no node ${name}: name one that there is.`);
    } else if (reachability !== null && ordinal >= 0 && !reachability.isBefore(step, ordinal)) {
      report("STEP_NOT_BEFORE", "error", `${name} cannot have run before ${node}: read a step that comes before it.`);
    } else if (reachability !== null && readsUntested(references.paths, name)) {
      const certain = ordinal < 0 ? reachability.isCertainAtEnd(step) : reachability.isCertain(step, ordinal);
      const test = `has(${pathOf(name)}.output)`;
      if (!certain) report("MAY_BE_MISSING", "warning", `${name} may have no output here: ask with ${test} first.`);
    }
  }
  return findings;
}

/** Whether it reads the output of the step without asking, anywhere, whether there is one. */
function readsUntested(paths: readonly Path[], name: string): boolean {
  const ofStep = paths.filter(({ root, segments }) => root === "steps" && segments[0] === name);
  const asks = ofStep.some(({ tested, segments }) => tested || segments[1] === "status");
  return !asks && ofStep.some(({ segments }) => segments[1] === "output");
}

function pathOf(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `steps.${name}` : `steps[${JSON.stringify(name)}]`;
}

function checkSleepUntil(node: Node, i: number): Finding[] {
  if (node.type !== "sleep" || node.until === undefined || node.until.startsWith("=")) return [];
  if (fromInstant(node.until) !== null) return [];
  const message = `Write ${JSON.stringify(node.until)} as an RFC 3339 instant, 2030-01-31T08:00:00Z, or as an expression.`;
  return [{ code: "BAD_INSTANT", severity: "error", path: `/nodes/${i}/until`, node: node.id, message }];
}

function checkRethrows(
  { nodes }: Definition,
  ids: ReadonlyMap<string, number>,
  reachability: Reachability | null,
): Finding[] {
  return nodes.flatMap((node, i): Finding[] => {
    if (node.type !== "fail" || node.rethrow === undefined) return [];
    const step = ids.get(node.rethrow);
    if (step !== undefined && (reachability === null || reachability.isBefore(step, i))) return [];
    const code = step === undefined ? "UNKNOWN_STEP" : "STEP_NOT_BEFORE";
    const message = `Let ${node.id} rethrow the error of a step before it: ${node.rethrow} is none.`;
    return [{ code, severity: "error", path: `/nodes/${i}/rethrow`, node: node.id, message }];
  });
}

/** A transform does nothing but compute: one that nobody reads is a mistake. (A task may be run for what it does.) */
function findUnread(definition: Definition, nodes: readonly LinkedNode[], placed: readonly Placed[]): Finding[] {
  const read = new Set<string>();
  for (const { compiled } of placed) {
    if ("fault" in compiled || compiled.references.anyStep) return [];
    for (const name of compiled.references.steps) read.add(name);
  }
  const feedsTask = (ordinal: number) =>
    behind(nodes, ordinal).some((it) => it.type === "task" && it.input === undefined);
  const isResult = (ordinal: number) => definition.output === undefined && nodes[ordinal]?.outs.length === 0;
  return definition.nodes.flatMap((node, i): Finding[] => {
    if (node.type !== "transform" || read.has(node.id) || isResult(i) || feedsTask(i)) return [];
    const message = `Nobody reads the output of ${node.id}: read it, or take the node out.`;
    return [{ code: "OUTPUT_UNREAD", severity: "warning", path: `/nodes/${i}`, node: node.id, message }];
  });
}

/** The nodes that come next, through the choices and sleeps that an output passes unseen. */
function behind(nodes: readonly LinkedNode[], ordinal: number): Node[] {
  const found = new Map<number, Node>();
  const stack = [ordinal];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const { to } of nodes[at]?.outs ?? []) {
      const next = nodes[to]?.definition;
      if (next === undefined || found.has(to)) continue;
      found.set(to, next);
      if (next.type === "choice" || next.type === "sleep") stack.push(to);
    }
  }
  return [...found.values()];
}

function ownedBy(node: string | undefined): { node?: string } {
  return node === undefined ? {} : { node };
}
