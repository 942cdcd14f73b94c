/**
 * What the compiler cannot rule out about names and settings, found with the server's own codes: plain JavaScript and
 * values computed at run time get past types, and the contract's schemas are not part of this package.
 */
import type { Definition, Finding, TaskNode } from "../types";

type Check = (value: unknown) => string | null;

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const name: Check = (value) =>
  typeof value === "string" && NAME.test(value)
    ? null
    : "use 1 to 128 letters, digits, _ . or -, beginning with a letter, a digit or _";
const number =
  (from: number, to: number, whole = true): Check =>
  (value) =>
    typeof value === "number" && value >= from && value <= to && (!whole || Number.isInteger(value))
      ? null
      : `use a ${whole ? "whole " : ""}number from ${from} to ${to}`;
const duration: Check = (value) =>
  typeof value === "string" || (Number.isInteger(value) && (value as number) >= 0)
    ? null
    : "use 250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds";
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) ? (value.map(item).find((problem) => problem !== null) ?? null) : "use a list";
const text: Check = (value) => (typeof value === "string" ? null : "use text");
const boolean: Check = (value) => (typeof value === "boolean" ? null : "use true or false");
const join: Check = (value) => (value === "all" || value === "any" ? null : number(1, 10_000)(value));
const anything: Check = () => null;

const RETRY: Record<string, Check> = {
  maxAttempts: number(1, 10_000),
  initialInterval: duration,
  backoff: number(1, 100, false),
  maxInterval: duration,
  jitter: number(0, 1, false),
  nonRetryable: listOf(text),
};
const TIMEOUT: Record<string, Check> = { attempt: duration, queue: duration, heartbeat: duration, total: duration };
const TASK: Record<keyof TaskNode, Check> = {
  id: name,
  type: anything,
  task: name,
  queue: name,
  input: anything,
  retry: anything,
  timeout: anything,
  priority: number(-100, 100),
  ports: listOf(name),
  join,
  keepLosers: boolean,
};
const DEFINITION: Record<keyof Definition, Check> = {
  format: anything,
  name,
  description: text,
  inputSchema: anything,
  defaults: anything,
  timeout: duration,
  nodes: anything,
  edges: anything,
  output: anything,
};

export function checkShape(definition: Definition): Finding[] {
  const { defaults } = definition;
  return [
    ...members(definition, DEFINITION, ""),
    ...members(defaults, { queue: name, retry: anything, timeout: anything }, "/defaults"),
    ...members(defaults?.retry, RETRY, "/defaults/retry"),
    ...members(defaults?.timeout, TIMEOUT, "/defaults/timeout"),
    ...definition.nodes.flatMap((node, i) => {
      const path = `/nodes/${i}`;
      if (node.type !== "task") return members({ id: node.id }, { id: name }, path, node.id);
      return [
        ...members(node, TASK, path, node.id),
        ...members(node.retry, RETRY, `${path}/retry`, node.id),
        ...members(node.timeout, TIMEOUT, `${path}/timeout`, node.id),
      ];
    }),
    ...definition.edges.flatMap(({ port }, i) =>
      port === undefined ? [] : members({ port }, { port: name }, `/edges/${i}`),
    ),
  ];
}

function members(object: object | undefined, checks: Record<string, Check>, path: string, node?: string): Finding[] {
  const where = node === undefined ? {} : { node };
  return Object.entries(object ?? {}).flatMap(([key, value]): Finding[] => {
    const base = { severity: "error" as const, path: `${path}/${key}`, ...where };
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined)
      return [
        { ...base, code: "UNKNOWN_FIELD", message: `There is no field ${key} here: take it out, or correct its name.` },
      ];
    const problem = check(value);
    return problem === null
      ? []
      : [{ ...base, code: codeOf(key, check, path), message: `Correct ${key}: ${problem}.` }];
  });
}

function codeOf(key: string, check: Check, path: string): string {
  if (check === name || key === "ports") return "MALFORMED_ID";
  if (check === duration) return "BAD_DURATION";
  if (key === "join") return "JOIN_OUT_OF_RANGE";
  if (path.endsWith("/retry")) return "RETRY_OUT_OF_BOUNDS";
  return key === "priority" ? "OUT_OF_BOUNDS" : "WRONG_TYPE";
}
