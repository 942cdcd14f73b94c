/** What validation says about one node by itself, and about the definition's own settings: times, retries, rules of a type. */
import type { Definition, Duration, Node, RetryPolicy, TaskTimeout } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { parseDuration } from "../durations";
import { checkOtherwise, checkReservedPorts } from "./validate-graph";

/** Where a finding points, and whose it is. */
interface Place {
  readonly path: string;
  readonly node?: string;
}

export function checkSettings({ defaults, timeout }: Definition): Finding[] {
  return [
    ...checkRetry({ path: "/defaults/retry" }, defaults?.retry),
    ...checkTimeouts({ path: "/defaults/timeout" }, defaults?.timeout),
    ...(timeout === undefined ? [] : checkTimeout({ path: "/timeout" }, timeout)),
  ];
}

export function checkNodes(definition: Definition): Finding[] {
  return [
    ...definition.nodes.flatMap((node, i) => checkNode(node, { path: `/nodes/${i}`, node: node.id })),
    ...checkReservedPorts(definition),
    ...checkOtherwise(definition),
  ];
}

function checkNode(node: Node, place: Place): Finding[] {
  switch (node.type) {
    case "task":
      return [...checkRetry(at(place, "/retry"), node.retry), ...checkTimeouts(at(place, "/timeout"), node.timeout)];
    case "sleep":
      return checkSleep(node, place);
    case "fail":
      return checkFail(node, place);
    case "choice":
    case "transform":
    case "succeed":
      return [];
  }
}

function checkSleep({ duration, until }: Extract<Node, { type: "sleep" }>, place: Place): Finding[] {
  if ((duration === undefined) === (until === undefined)) {
    const message = `Give ${place.node} either a duration or an instant to sleep until.`;
    return [error("SLEEP_TIME", place, message)];
  }
  return duration === undefined || isExpression(duration) ? [] : checkDuration(at(place, "/duration"), duration);
}

function checkFail({ code, message, rethrow }: Extract<Node, { type: "fail" }>, place: Place): Finding[] {
  if (rethrow === undefined || (code === undefined && message === undefined)) return [];
  return [error("FAIL_RETHROW", place, `Let ${place.node} either rethrow or have a code and message of its own.`)];
}

function checkRetry(place: Place, retry: RetryPolicy | undefined): Finding[] {
  if (retry === undefined) return [];
  const { initialInterval, maxInterval } = retry;
  const durations = [
    ...(initialInterval === undefined ? [] : checkDuration(at(place, "/initialInterval"), initialInterval)),
    ...(maxInterval === undefined ? [] : checkDuration(at(place, "/maxInterval"), maxInterval)),
  ];
  if (durations.length > 0 || initialInterval === undefined || maxInterval === undefined) return durations;
  if ((parseDuration(initialInterval) ?? 0) <= (parseDuration(maxInterval) ?? 0)) return [];
  return [error("RETRY_OUT_OF_BOUNDS", at(place, "/initialInterval"), "Make initialInterval at most maxInterval.")];
}

function checkTimeouts(place: Place, timeouts: TaskTimeout | undefined): Finding[] {
  return Object.entries(timeouts ?? {}).flatMap(([name, timeout]) => checkTimeout(at(place, `/${name}`), timeout));
}

function checkTimeout(place: Place, timeout: Duration): Finding[] {
  if (parseDuration(timeout) !== 0) return checkDuration(place, timeout);
  return [error("TIMEOUT_OUT_OF_BOUNDS", place, "Make the timeout longer than 0, or leave it out for none.")];
}

function checkDuration(place: Place, duration: Duration): Finding[] {
  if (parseDuration(duration) !== null) return [];
  const message = `Write ${JSON.stringify(duration)} as a duration: 250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds, at most 100 years.`;
  return [error("BAD_DURATION", place, message)];
}

function isExpression(text: Duration): boolean {
  return typeof text === "string" && text.startsWith("=");
}

function at(place: Place, suffix: string): Place {
  return { ...place, path: place.path + suffix };
}

function error(code: string, place: Place, message: string): Finding {
  return { code, severity: "error", ...place, message };
}
