/** What validation says about one node by itself, and about the definition's own settings: times, names, rules of a type. */
import type {
  ApprovalNode,
  Definition,
  FailNode,
  HttpNode,
  MapNode,
  Node,
  SignalNode,
  SleepNode,
  TaskNode,
} from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { MAX_ITEMS } from "../../contract/limits";
import { fromInstant } from "../time";
import { RESERVED_PREFIX } from "./graph";
import { at, error, type Place, warning } from "./place";
import { ERROR_PORT, OTHERWISE_PORT } from "./ports";
import { type JudgedScope, placedNodes } from "./scopes";
import { checkDuration, checkPoll, checkRetry, checkTimeout, checkTimeouts } from "./validate-times";

export function checkSettings({ defaults, timeout }: Definition): Finding[] {
  return [
    ...checkName({ path: "/defaults/queue" }, defaults?.queue),
    ...checkRetry({ path: "/defaults/retry" }, defaults?.retry),
    ...checkTimeouts({ path: "/defaults/timeout" }, defaults?.timeout),
    ...checkTimeout({ path: "/timeout" }, timeout),
  ];
}

export function checkNodes(scope: JudgedScope): Finding[] {
  return [
    ...placedNodes(scope).flatMap(({ node, place }) => [...checkNode(node, place), ...checkReservedPorts(node, place)]),
    ...checkOtherwise(scope),
  ];
}

function checkNode(node: Node, place: Place): Finding[] {
  switch (node.type) {
    case "task":
      return checkTask(node, place);
    case "sleep":
      return checkSleep(node, place);
    case "approval":
    case "signal":
      return checkWait(node, place);
    case "map":
      return checkItems(node, place);
    case "http":
      return checkHttp(node, place);
    case "fail":
      return checkFail(node, place);
    case "choice":
    case "workflow":
    case "transform":
    case "succeed":
      return [];
  }
}

function checkTask({ task, queue, retry, timeout, poll, compensate }: TaskNode, place: Place): Finding[] {
  const undoing = at(place, "/compensate");
  return [
    ...checkName(at(place, "/task"), task),
    ...checkName(at(place, "/queue"), queue),
    ...checkRetry(at(place, "/retry"), retry),
    ...checkTimeouts(at(place, "/timeout"), timeout),
    ...checkPoll(at(place, "/poll"), poll),
    ...checkName(at(undoing, "/task"), compensate?.task),
    ...checkName(at(undoing, "/queue"), compensate?.queue),
    ...checkRetry(at(undoing, "/retry"), compensate?.retry),
    ...checkTimeouts(at(undoing, "/timeout"), compensate?.timeout),
  ];
}

/** Queues and tasks of the engine's own are run by nobody else. */
function checkName(place: Place, name: string | undefined): Finding[] {
  if (name === undefined || !name.startsWith(RESERVED_PREFIX)) return [];
  const message = `Call it something else than ${name}: names that begin with ${RESERVED_PREFIX} are the engine's own.`;
  return [error("RESERVED_NAME", place, message)];
}

function checkSleep({ id, duration, until }: SleepNode, place: Place): Finding[] {
  if ((duration === undefined) === (until === undefined)) {
    return [error("SLEEP_TIME", place, `Give ${id} either a duration or an instant to sleep until.`)];
  }
  if (duration !== undefined) return isExpression(duration) ? [] : checkDuration(at(place, "/duration"), duration);
  if (until === undefined || isExpression(until) || fromInstant(until) !== null) return [];
  const message = `Write ${JSON.stringify(until)} as an RFC 3339 instant, 2030-01-31T08:00:00Z, or as an expression.`;
  return [error("BAD_INSTANT", at(place, "/until"), message)];
}

function checkWait({ id, type, timeout }: ApprovalNode | SignalNode, place: Place): Finding[] {
  if (timeout !== undefined) return isExpression(timeout) ? [] : checkTimeout(at(place, "/timeout"), timeout);
  const event = type === "approval" ? "nobody decides" : "no signal comes";
  return [warning("NO_TIMEOUT", place, `Give ${id} a timeout: if ${event}, it waits for ever.`)];
}

function checkItems({ id, items }: MapNode, place: Place): Finding[] {
  if (isExpression(items)) return [];
  const where = at(place, "/items");
  if (!Array.isArray(items)) {
    return [error("ITEMS_NO_LIST", where, `Give ${id} a list of items, or an expression that gives one.`)];
  }
  if (items.length <= MAX_ITEMS) return [];
  return [error("TOO_MANY_ITEMS", where, `Give ${id} at most ${MAX_ITEMS} items: there are ${items.length}.`)];
}

const WEB_ADDRESS = /^https?:\/\/[^/?#\s]/i;

function checkHttp({ id, request, retry, timeout }: HttpNode, place: Place): Finding[] {
  const isAddress = isExpression(request.url) || WEB_ADDRESS.test(request.url);
  const message = `Let ${id} call an address that begins with https:// or http://, or an expression that gives one.`;
  return [
    ...(isAddress ? [] : [error("BAD_URL", at(place, "/request/url"), message)]),
    ...checkRetry(at(place, "/retry"), retry),
    ...checkTimeouts(at(place, "/timeout"), timeout),
  ];
}

function checkFail({ id, code, message, rethrow }: FailNode, place: Place): Finding[] {
  if (rethrow === undefined || (code === undefined && message === undefined)) return [];
  return [error("FAIL_RETHROW", place, `Let ${id} either rethrow or have a code and message of its own.`)];
}

/** `error` is the engine's own: an edge on it is taken when a step fails, never because someone chose it. */
function checkReservedPorts(node: Node, place: Place): Finding[] {
  return chosenPorts(node)
    .filter(({ port }) => port === ERROR_PORT)
    .map(({ field }) => {
      const message = `Call this port of ${node.id} something else: ${ERROR_PORT} is for steps that failed.`;
      return error("RESERVED_PORT", at(place, field), message);
    });
}

function chosenPorts(node: Node): { port: string; field: string }[] {
  if (node.type === "task") return (node.ports ?? []).map((port, i) => ({ port, field: `/ports/${i}` }));
  return node.type === "choice" ? node.cases.map(({ port }, i) => ({ port, field: `/cases/${i}/port` })) : [];
}

/** A choice whose cases may all fail ends its path there, silently. */
function checkOtherwise(scope: JudgedScope): Finding[] {
  const covered = new Set(scope.graph.edges.filter(({ port }) => port === OTHERWISE_PORT).map(({ from }) => from));
  return placedNodes(scope).flatMap(({ node, place }) => {
    if (node.type !== "choice" || covered.has(node.id)) return [];
    const message = `Say what happens if no case of ${node.id} holds: add an edge on its port ${OTHERWISE_PORT}.`;
    return [warning("NO_OTHERWISE", place, message)];
  });
}

/** Whether a field's value is computed, and so not judged before it runs. */
export function isExpression(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("=") && !value.startsWith("==");
}
