/** Why is it not moving? One sentence for the execution, and one for each thing that it waits for. */
import type { Explanation, FactsByTask, TaskFacts, TaskLimit } from "../../contract/controls";
import type { WaitingFor } from "../../contract/executions";
import { epochMs, toInstant } from "../time";
import type { ExecutionState, StepState } from "./state";
import { isClosed, isQuarantined } from "./statuses";
import type { PlacedStep } from "./steps";
import { nobodyPolls } from "./unserved";
import { isCall, openSteps, waitingFor } from "./waiting-for";
import { ago, clockTime, ordinalWord } from "./words";

/** What is to be said where there is no state to look at. */
export const UNFOLDABLE: Explanation = {
  status: "quarantined",
  sentence: "Its history cannot be folded or decided on: it is kept, and goes on once a retry succeeds.",
  items: [],
};

/** `facts`: what the host sees of queues, workers and leases, by task id. Pure: `now` in epoch milliseconds. */
export function explain(state: ExecutionState, now: number, facts: FactsByTask): Explanation {
  const entries = waitingFor(state);
  const open = openSteps(state);
  const items = entries.map((entry, i) => ({
    ...entry,
    sentence: sentenceOf(entry, open[i], now, facts),
    ...workersFor(entry, open[i], facts),
  }));
  return { status: state.status, sentence: summary(state, items, now), items };
}

function summary(state: ExecutionState, items: Explanation["items"], now: number): string {
  const { status, startAt, startedAt, pausedAt, pauseReason } = state;
  if (isClosed(state)) return `It is ${status.replace("_", " ")}${closedAt(state)}.`;
  if (isQuarantined(state)) return UNFOLDABLE.sentence;
  if (startedAt === null) return `It starts at ${clockTime(startAt ?? now, now)}.`;
  if (state.closing !== null) return undoing(state, now);
  if (pausedAt !== null) {
    return `It has been paused for ${ago(now - pausedAt)}${pauseReason === null ? "" : `: ${pauseReason}`}.`;
  }
  const [first] = items;
  if (first === undefined) return "It has nothing to wait for.";
  return items.length === 1 ? first.sentence : `${first.sentence} ${others(items.length - 1)}`;
}

function others(count: number): string {
  return count === 1 ? "It waits for one thing more." : `It waits for ${count} things more.`;
}

function closedAt({ closedAt, lastAt }: ExecutionState): string {
  return ` since ${toInstant(closedAt ?? lastAt)}`;
}

function undoing({ compensations }: ExecutionState, now: number): string {
  const left = compensations.filter(({ status }) => status !== "completed" && status !== "failed");
  const current = left.find(({ status }) => status !== "pending");
  if (current === undefined) return `It undoes ${left.length} steps.`;
  const more = left.length === 1 ? "" : `, and ${left.length - 1} more after it`;
  if (current.retryAt === null) return `It undoes ${current.node}${more}.`;
  return `It undoes ${current.node} again at ${clockTime(current.retryAt, now)}${more}.`;
}

function sentenceOf(entry: WaitingFor, placed: PlacedStep | undefined, now: number, facts: FactsByTask): string {
  const until = entry.until === undefined ? null : epochMs(entry.until);
  const since = ago(now - epochMs(entry.since));
  const by = until === null ? "" : `, until ${clockTime(until, now)}`;
  switch (entry.kind) {
    case "sleep":
      return `${entry.node} sleeps${by}.`;
    case "approval":
    case "signal":
      return `${entry.node} has waited ${since} for ${entry.detail}${by}.`.replace(/([?!.])[.]$/, "$1");
    case "child":
      return `${entry.node} has waited ${since} for its ${entry.detail}.`;
    case "poll":
      return `${entry.node} asks again at ${clockTime(until ?? now, now)}: round ${(placed?.step.round ?? 0) + 1}.`;
    case "retry":
      return retrySentence(entry, placed?.step, until, now);
    case "limit":
      return `${entry.node} ${entry.detail}.`;
    case "worker":
      return taskSentence(entry, placed, now, facts);
  }
}

function workersFor(
  { kind }: WaitingFor,
  placed: PlacedStep | undefined,
  facts: FactsByTask,
): Pick<Explanation["items"][number], "workers"> {
  const fact = kind === "worker" && !isCall(placed?.node) ? facts.get(placed?.step.taskId ?? "") : undefined;
  return fact === undefined || fact.leased !== null ? {} : { workers: fact.workers };
}

function retrySentence(entry: WaitingFor, step: StepState | undefined, until: number | null, now: number): string {
  const next = ordinalWord((step?.attempt ?? 0) + 1);
  const why = step?.error == null ? "" : `; the last one failed with ${step.error.code}: ${step.error.message}`;
  return `${next} attempt of ${entry.node} at ${clockTime(until ?? now, now)}${why}`.replace(/[.]?$/, ".");
}

function taskSentence(entry: WaitingFor, placed: PlacedStep | undefined, now: number, facts: FactsByTask): string {
  const fact = placed?.step.taskId == null ? undefined : facts.get(placed.step.taskId);
  if (fact === undefined) return `${entry.node} waits for a worker: ${entry.detail}.`;
  const { leased, limit, workers } = fact;
  const isOurs = isCall(placed?.node);
  if (leased !== null) {
    const doing = isOurs ? "calling its URL" : `running on worker ${leased.worker}`;
    return `${entry.node} has been ${doing} for ${ago(now - epochMs(leased.since))}.`;
  }
  if (limit !== null) return `${entry.node} waits: ${limitText(limit, fact)}.`;
  if (workers === 0 && !isOurs) return noWorker(entry, fact, now);
  const waited = ago(now - epochMs(fact.readyAt));
  const where = isOurs ? "for the engine to call its URL" : `on queue ${fact.queue}`;
  const before = fact.ahead === 0 ? "it is next" : `${fact.ahead} ahead of it`;
  return `${entry.node} has waited ${waited} ${where}, ${before}.`;
}

function noWorker({ node }: WaitingFor, { queue, task, lastSeenAt }: TaskFacts, now: number): string {
  const seen = lastSeenAt === null ? null : epochMs(lastSeenAt);
  return `${nobodyPolls({ queue, task, lastSeenAt: seen }, now)}, and ${node} waits for one.`;
}

function limitText(limit: TaskLimit, { queue }: TaskFacts): string {
  switch (limit.kind) {
    case "concurrency":
      return `${limit.ahead} ahead of it under key ${limit.key}, of which ${limit.most} may run at once and ${limit.running} do`;
    case "rate":
      return `queue ${queue} gives out ${limit.most} tasks${limit.key === undefined ? "" : ` of key ${limit.key}`} in ${ago(limit.perMs)}`;
    case "queue-paused":
      return `queue ${queue} is paused`;
  }
}
