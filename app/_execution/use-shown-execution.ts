"use client";
/**
 * The execution as the page shows it: at a moment of its past, or the server's answer, brought up to the newest event by the
 * core, so that the header changes with the event and not with the next answer. What no event says (who runs a step, whether
 * any worker could) is asked again a moment after events came.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { keys, useWorkflowVersions } from "@/lib/client/queries";
import type { Execution } from "@/lib/contract/executions";
import { factsOf } from "@/lib/core/execution/facts";
import type { ExecutionState } from "@/lib/core/execution/state";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import { executionAt, executionByEvents } from "./execution-at";
import type { ExecutionFeed, Snapshot } from "./execution-feed";
import { drawable } from "./graph-model";

const ASK_AGAIN_MS = 700;
/** The answer of a large execution is large. */
const LARGE_STEPS = 100;
const LARGE_ASK_AGAIN_MS = 2500;

/** @param shown the live snapshot, or that of a moment that has passed */
export function useShownExecution(answer: Execution, feed: ExecutionFeed, live: Snapshot, shown: Snapshot): Execution {
  const { events, missing } = live;
  const { state, timeline, at } = shown;
  const client = useQueryClient();
  const versions = useWorkflowVersions(answer.workflow, [...new Set([answer.version, ...missing])]);
  useEffect(() => {
    for (const version of versions) {
      const definition = drawable(version.definition);
      if (definition) feed.bind(version.version, definition);
    }
  }, [feed, versions]);

  const { id, sequence } = answer;
  const behind = events.length > sequence;
  const askAgainMs = answer.progress.total > LARGE_STEPS ? LARGE_ASK_AGAIN_MS : ASK_AGAIN_MS;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that is still behind is asked again
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => client.invalidateQueries({ queryKey: keys.execution(id) }), askAgainMs);
    return () => clearTimeout(timer);
  }, [client, id, behind, sequence, askAgainMs]);

  useGoOn(feed, live, sequence);

  return useMemo(() => {
    if (at !== null) return state ? executionAt(answer, state) : executionByEvents(answer, timeline, at);
    return state && state.sequence > answer.sequence ? upTo(answer, state) : answer;
  }, [answer, state, timeline, at]);
}

/** Follows a history on behind an end that it has left since, as the server's answer of that sequence tells. */
export function useGoOn(feed: ExecutionFeed, { connection, backlog, events }: Snapshot, sequence: number): void {
  const isOvertaken = connection.state === "ended" && backlog === 0 && sequence > events.length;
  useEffect(() => {
    if (isOvertaken) feed.goOn();
  }, [feed, isOvertaken]);
}

function upTo(answer: Execution, state: ExecutionState): Execution {
  const waits = waitingFor(state);
  const still = new Set(waits.map(({ node }) => node));
  return {
    ...answer,
    ...factsOf(state),
    // Whether a worker has a task is not in the history: of those waits only what the server said, as far as it still holds.
    waitingFor: waits.some(({ kind }) => kind === "worker")
      ? answer.waitingFor.filter(({ node }) => still.has(node))
      : waits,
  };
}
