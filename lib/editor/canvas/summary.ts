/** What a node says of itself where it is drawn: one line of what it does, and marks of what happens when it goes wrong. */
import type { Node } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";

/** Empty where the node's name and type say all. */
export function summaryOf(node: Node): string {
  switch (node.type) {
    case "task":
      return node.task === node.id ? (node.queue ?? "") : node.task;
    case "choice":
      return node.cases.length === 1 ? (node.cases[0]?.when ?? "") : `${node.cases.length} cases`;
    case "sleep":
      return node.until === undefined ? durationText(node.duration) : `until ${templateText(node.until)}`;
    case "approval":
      return node.title === undefined ? assigneesText(node.assignees) : templateText(node.title);
    case "signal":
      return templateText(node.signal);
    case "map": {
      const items = `each of ${templateText(node.items)}`;
      return "nodes" in node.body ? items : `${node.body.task}, ${items}`;
    }
    case "workflow":
      return node.version === undefined ? node.workflow : `${node.workflow} v${node.version}`;
    case "transform":
      return templateText(node.value);
    case "http":
      return `${node.request.method ?? "GET"} ${templateText(node.request.url).replace(/^https?:\/\//, "")}`;
    case "fail":
      return node.rethrow === undefined ? templateText(node.code ?? "") : `as ${node.rethrow} failed`;
    case "succeed":
      return node.output === undefined ? "" : templateText(node.output);
  }
}

function durationText(duration: string | number | undefined): string {
  if (duration === undefined) return "";
  return typeof duration === "number" ? `${duration} ms` : templateText(duration);
}

function assigneesText(assignees: string | readonly string[] | undefined): string {
  if (assignees === undefined) return "";
  return typeof assignees === "string" ? templateText(assignees) : assignees.map(templateText).join(", ");
}

/** An expression without its `=`; an object by its names; a list by its length. */
function templateText(value: JsonValue): string {
  if (typeof value === "string") return value.startsWith("=") ? value.slice(1).trim() : value;
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (value === null || typeof value !== "object") return String(value);
  return Object.keys(value).join(", ");
}

export type MarkKind = "retry" | "timeout" | "poll" | "compensate";

export interface NodeMark {
  readonly kind: MarkKind;
  /** How many attempts, how long, how often, which task. */
  readonly value: string;
}

export function marksOf(node: Node): readonly NodeMark[] {
  const own = node.type === "map" && !("nodes" in node.body) ? { ...node.body, type: "task" as const } : node;
  const marks: NodeMark[] = [];
  const add = (kind: MarkKind, value: string | number | undefined) => {
    if (value !== undefined) marks.push({ kind, value: String(value) });
  };
  if (own.type === "task" || own.type === "http") {
    add("retry", own.retry?.maxAttempts);
    add("timeout", own.timeout?.total ?? own.timeout?.attempt);
  }
  if (own.type === "approval" || own.type === "signal") add("timeout", own.timeout);
  if (own.type === "task") {
    add("poll", own.poll && (own.poll.interval ?? "10s"));
    add("compensate", own.compensate?.task);
  }
  return marks;
}

/** How many of its edges a join waits for, where that is not all of them. */
export interface JoinMark {
  readonly needed: "any" | number;
  readonly keepsLosers: boolean;
}

export function joinOf({ join, keepLosers }: Node): JoinMark | null {
  if (join === undefined || join === "all") return null;
  return { needed: join, keepsLosers: keepLosers === true };
}
