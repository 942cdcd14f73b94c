/** What must hold of every run, whatever the graph and the order of things: each law throws where it is broken. */
import { expect } from "vitest";
import type { HistoryEvent } from "@/lib/contract/history";
import { losersOf } from "@/lib/core/definition/losers";
import { isClosed } from "@/lib/core/execution/statuses";
import type { Core } from "./core";
import { EdgesInHistory } from "./edges-in-history";
import type { Run } from "./simulate";

export type Law = (run: Run, core: Core) => void;

const ENDINGS = new Set(["StepCompleted", "StepFailed", "StepSkipped", "StepCancelled"]);
const CLOSINGS = new Set(["ExecutionCompleted", "ExecutionFailed", "ExecutionTimedOut", "ExecutionCancelled"]);
/** Events that show that a step was activated, and did not just end. */
const ACTIVITY = new Set(["StepScheduled", "SleepStarted", "ChoiceEvaluated", "StepCompleted"]);

function nodeOf(event: HistoryEvent): string | undefined {
  return event.type.startsWith("Execution") || !("node" in event.data) ? undefined : event.data.node;
}

const sequencesHaveNoGaps: Law = ({ events, moves }) => {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
  for (const move of moves) for (const { command } of move.events) expect(command).toBe(move.events[0]?.sequence);
};

const eventsAloneGiveTheState: Law = ({ events, moves, state }, core) => {
  let folded = core.initialState(state.graph);
  for (const event of JSON.parse(JSON.stringify(events)) as HistoryEvent[]) folded = core.evolve(folded, event);
  expect(folded).toEqual(state);
  for (const { before, after, events: written } of moves) {
    expect(written.reduce((at, event) => core.evolve(at, event), before)).toEqual(after);
  }
};

const everyStepEndsOnce: Law = ({ events, state }) => {
  const ended = new Set<string>();
  const begun = new Set<string>();
  for (const event of events) {
    const node = nodeOf(event);
    if (node === undefined || event.type === "ResultRejected") continue;
    expect(ended.has(node), `${event.type} after ${node} ended`).toBe(false);
    begun.add(node);
    if (ENDINGS.has(event.type)) ended.add(node);
  }
  expect(isClosed(state)).toBe(true);
  expect(ended).toEqual(begun);
};

const joinsHold: Law = ({ definition, events, state }) => {
  const edges = new EdgesInHistory(definition);
  const active = new Set<string>();
  const lost = new Set<string>();
  for (const event of events) {
    const node = nodeOf(event);
    if (node !== undefined && !active.has(node)) {
      const verdict = edges.verdict(node);
      if (ACTIVITY.has(event.type)) {
        expect(verdict, `${node} runs`).toBe("run");
        active.add(node);
      } else if (event.type === "StepSkipped" && !lost.has(node)) {
        expect(["skip", "lost"], `${node} is skipped`).toContain(isLoser(node) ? "lost" : verdict);
      } else if (event.type === "StepFailed") {
        const isUnreachable = event.data.error.code === "JOIN_UNREACHABLE";
        const mayRethrow = definition.nodes.some(
          (it) => it.id === node && it.type === "fail" && it.rethrow !== undefined,
        );
        expect([isUnreachable ? "fail" : "run", ...(mayRethrow ? ["run"] : [])], `${node} fails`).toContain(verdict);
      }
    }
    edges.fold(event);
  }

  /** Skipped because a join ahead of it has what it needs. */
  function isLoser(node: string): boolean {
    return state.graph.nodes.some(
      ({ id, ordinal, join, keepLosers }) =>
        join !== "all" &&
        !keepLosers &&
        edges.verdict(id) === "run" &&
        losersOf(state.graph, ordinal).some((loser) => state.graph.nodes[loser]?.id === node),
    );
  }
};

const nothingReadyIsLeftBehind: Law = ({ definition, moves }) => {
  const edges = new EdgesInHistory(definition);
  for (const { events, after } of moves) {
    for (const event of events) edges.fold(event);
    if (isClosed(after)) continue;
    for (const { node, status } of after.root.steps) {
      if (status === "pending") expect(edges.verdict(node), `${node} is pending`).toBe("wait");
    }
  }
};

const losersAreDropped: Law = ({ state, moves }) => {
  for (const { events, after } of moves) {
    if (isClosed(after)) continue;
    for (const event of events) {
      const node = state.graph.nodes[state.graph.ordinals.get(nodeOf(event) ?? "") ?? -1];
      if (node === undefined || node.join === "all" || node.keepLosers || !ACTIVITY.has(event.type)) continue;
      for (const loser of losersOf(state.graph, node.ordinal)) {
        expect(["completed", "failed", "skipped", "cancelled"]).toContain(after.root.steps[loser]?.status);
      }
    }
  }
};

const attemptsAreCounted: Law = ({ definition, events }) => {
  const scheduled = events.filter((event) => event.type === "StepScheduled");
  expect(new Set(scheduled.map(({ data }) => data.taskId)).size).toBe(scheduled.length);
  for (const node of definition.nodes) {
    if (node.type !== "task") continue;
    const dispatches = scheduled.filter(({ data }) => data.node === node.id);
    expect(dispatches.map(({ data }) => data.attempt)).toEqual(dispatches.map((_, i) => i + 1));
    expect(dispatches.length).toBeLessThanOrEqual(node.retry?.maxAttempts ?? 3);
    const failed = events.filter((event) => event.type === "StepAttemptFailed" && event.data.node === node.id);
    failed.forEach((event, i) => {
      if (event.type !== "StepAttemptFailed") return;
      const next = dispatches[i + 1];
      expect(event.data.attempt).toBe(i + 1);
      if (event.data.retryAt === null) expect(next).toBeUndefined();
      else if (next !== undefined) expect(next.at >= event.data.retryAt).toBe(true);
      if (event.data.retryAt !== null) expect(event.data.error.retryable).not.toBe(false);
    });
    expect(dispatches.length).toBeLessThanOrEqual(failed.length + 1);
  }
};

const deadlinesAreKept: Law = ({ definition, moves }) => {
  const totals = new Map<string, number>();
  const sleeps = new Map<string, number>();
  const edges = new EdgesInHistory(definition);
  for (const { command, now, events, after } of moves) {
    for (const event of events) {
      edges.fold(event);
      if (event.type === "StepScheduled" && event.data.attempt === 1) {
        const node = definition.nodes.find(({ id }) => id === event.data.node);
        if (node?.type === "task" && node.timeout?.total === "2s") totals.set(node.id, Date.parse(event.at) + 2000);
      }
      if (event.type === "SleepStarted") sleeps.set(event.data.node, Date.parse(event.data.resumeAt));
      if (event.type === "SleepCompleted")
        expect(Date.parse(event.at)).toBeGreaterThanOrEqual(sleeps.get(event.data.node) ?? 0);
    }
    if (command.type !== "wake" || isClosed(after)) continue;
    for (const [node, due] of [...totals, ...sleeps]) {
      if (due <= now) expect(edges.hasEnded(node), `${node} was due`).toBe(true);
    }
    if (definition.timeout !== undefined && after.startedAt !== null) expect(now - after.startedAt).toBeLessThan(8_000);
  }
};

const nothingFollowsTheClose: Law = ({ events, moves, state }) => {
  const closings = events.filter(({ type }) => CLOSINGS.has(type));
  expect(closings).toHaveLength(1);
  expect(events.at(-1)).toBe(closings[0]);
  expect(state.root.open).toBe(0);
  for (const { before, after, reply, events: written } of moves) {
    if (!isClosed(before)) continue;
    expect(written).toEqual([]);
    expect(after).toBe(before);
    expect(["closed", "duplicate", "stale", "unknown-task"]).toContain(reply);
  }
};

const onlyTheFirstAnswerCounts: Law = ({ moves }) => {
  const accepted = new Set<string>();
  for (const { command, reply, events } of moves) {
    if (command.type !== "complete-task" && command.type !== "fail-task") continue;
    const { taskId } = command;
    if (reply === "accepted") {
      expect(accepted.has(taskId), `${taskId} counts twice`).toBe(false);
      accepted.add(taskId);
    } else {
      expect(events.filter(({ type }) => type !== "ResultRejected")).toEqual([]);
      if (accepted.has(taskId)) expect(reply).toBe(command.lease === "another" ? "stale" : "duplicate");
    }
  }
};

const unhandledFailuresFailAll: Law = ({ definition, events }) => {
  for (const event of events) {
    if (event.type !== "StepFailed") continue;
    const { node } = event.data;
    if (definition.edges.some(({ from, port }) => from === node && port === "error")) continue;
    expect(events.at(-1)).toMatchObject({ type: "ExecutionFailed", command: event.command });
  }
};

const choicesTakeOneArm: Law = ({ events }) => {
  for (const event of events) {
    if (event.type !== "ChoiceEvaluated") continue;
    const { node, port, cases } = event.data;
    const holds = cases.filter(({ result }) => result);
    expect(holds.map((it) => it.port)).toEqual(port === "otherwise" ? [] : [port]);
    const ending = events.find(({ type, data }) => type === "StepCompleted" && "node" in data && data.node === node);
    expect(ending?.data).toMatchObject({ port });
  }
};

const countsAreRight: Law = ({ moves }) => {
  for (const { after } of moves) {
    const count = (...statuses: string[]) => after.root.steps.filter(({ status }) => statuses.includes(status)).length;
    expect(after.root).toMatchObject({
      open: count("scheduled", "waiting", "retrying"),
      scheduled: count("scheduled"),
      pending: count("pending"),
    });
    if (!isClosed(after)) expect(after.status).toBe(count("scheduled") > 0 ? "running" : "waiting");
  }
};

export const LAWS: Readonly<Record<string, Law>> = {
  sequencesHaveNoGaps,
  eventsAloneGiveTheState,
  everyStepEndsOnce,
  joinsHold,
  nothingReadyIsLeftBehind,
  losersAreDropped,
  attemptsAreCounted,
  deadlinesAreKept,
  nothingFollowsTheClose,
  onlyTheFirstAnswerCounts,
  unhandledFailuresFailAll,
  choicesTakeOneArm,
  countsAreRight,
};
