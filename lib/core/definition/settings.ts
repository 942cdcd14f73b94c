/** The settings of a node as the engine runs it, each with where it comes from: the node, the workflow's defaults, the format's. */
import type { Definition, Node, RetryPolicy, TaskTimeout } from "../../contract/definition";
import type { CompiledGraph, CompiledNode, CompiledTask } from "./graph";

export type SettingSource = "node" | "workflow" | "default";

export type SettingName =
  | "task"
  | "queue"
  | "priority"
  | "sticky"
  | "concurrencyKey"
  | "concurrencyLimit"
  | "maxAttempts"
  | "initialIntervalMs"
  | "backoff"
  | "maxIntervalMs"
  | "jitter"
  | "nonRetryable"
  | "attemptMs"
  | "queueMs"
  | "heartbeatMs"
  | "totalMs"
  | "pollUntil"
  | "pollIntervalMs"
  | "pollBackoff"
  | "pollTimeoutMs"
  | "compensation"
  | "join"
  | "keepLosers";

/** `value` null: there is no such limit. */
export interface Setting {
  readonly name: SettingName;
  readonly value: string | number | boolean | readonly string[] | null;
  readonly source: SettingSource;
}

/** In the order in which one reads them: what runs, how often, how long. */
export function settingsOf({ definition }: CompiledGraph, node: CompiledNode): Setting[] {
  const { task, compensation } = node;
  const own = node.definition as Partial<Extract<Node, { type: "task" }>>;
  return [
    ...(task === null ? [] : dispatchSettings(definition, own, task)),
    ...(task === null ? [] : retrySettings(definition, own, task)),
    ...(task === null ? [] : timeoutSettings(definition, own, task)),
    ...pollSettings(own, task),
    ...(compensation === null ? [] : [setting("compensation", compensation.task, "node")]),
    setting("join", node.join, own.join === undefined ? "default" : "node"),
    ...(own.keepLosers === undefined ? [] : [setting("keepLosers", node.keepLosers, "node")]),
  ];
}

function setting(name: SettingName, value: Setting["value"], source: SettingSource): Setting {
  return { name, value, source };
}

function sourceOf(own: unknown, shared?: unknown): SettingSource {
  if (own !== undefined) return "node";
  return shared === undefined ? "default" : "workflow";
}

type Own = Partial<Extract<Node, { type: "task" }>>;

function dispatchSettings({ defaults }: Definition, own: Own, task: CompiledTask): Setting[] {
  return [
    setting("task", task.task, sourceOf(own.task)),
    setting("queue", task.queue, sourceOf(own.queue, own.task === undefined ? undefined : defaults?.queue)),
    setting("priority", task.priority, sourceOf(own.priority)),
    setting("sticky", task.sticky, sourceOf(own.sticky)),
    ...(task.concurrencyKey === null
      ? []
      : [
          setting("concurrencyKey", task.concurrencyKey, "node"),
          setting("concurrencyLimit", task.concurrencyLimit, sourceOf(own.concurrencyLimit)),
        ]),
  ];
}

function retrySettings({ defaults }: Definition, own: Own, { retry }: CompiledTask): Setting[] {
  const of = (field: keyof RetryPolicy) => sourceOf(own.retry?.[field], defaults?.retry?.[field]);
  return [
    setting("maxAttempts", retry.maxAttempts, of("maxAttempts")),
    setting("initialIntervalMs", retry.initialIntervalMs, of("initialInterval")),
    setting("backoff", retry.backoff, of("backoff")),
    setting("maxIntervalMs", retry.maxIntervalMs, of("maxInterval")),
    setting("jitter", retry.jitter, of("jitter")),
    setting("nonRetryable", retry.nonRetryable, of("nonRetryable")),
  ];
}

function timeoutSettings({ defaults }: Definition, own: Own, { timeouts }: CompiledTask): Setting[] {
  const of = (field: keyof TaskTimeout) => sourceOf(own.timeout?.[field], defaults?.timeout?.[field]);
  return [
    setting("attemptMs", timeouts.attemptMs, of("attempt")),
    setting("queueMs", timeouts.queueMs, of("queue")),
    setting("heartbeatMs", timeouts.heartbeatMs, timeouts.heartbeatMs === null ? "default" : of("heartbeat")),
    setting("totalMs", timeouts.totalMs, of("total")),
  ];
}

function pollSettings({ poll: own }: Own, task: CompiledTask | null): Setting[] {
  const poll = task?.poll ?? null;
  if (poll === null) return [];
  return [
    setting("pollUntil", poll.until, "node"),
    setting("pollIntervalMs", poll.intervalMs, sourceOf(own?.interval)),
    setting("pollBackoff", poll.backoff, sourceOf(own?.backoff)),
    setting("pollTimeoutMs", poll.timeoutMs, sourceOf(own?.timeout)),
  ];
}
