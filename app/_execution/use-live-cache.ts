"use client";
/** Feeds what the stream says into the query cache, so that header and lists change with the event and not with the next poll. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys } from "@/lib/client/queries";
import type { Execution, ExecutionStatus } from "@/lib/contract/executions";
import type { Snapshot } from "./execution-feed";

/** Asking the server again for what is no event (leases, waits) at most this often while events arrive. */
const REFRESH_MS = 700;

export function useLiveCache(execution: Execution, { version, events, timeline }: Snapshot): void {
  const client = useQueryClient();
  const { id, sequence } = execution;
  const last = events.at(-1);
  const ahead = (last?.sequence ?? 0) > sequence;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what grew in place
  useEffect(() => {
    if (!last || !ahead) return;
    client.setQueryData<Execution>(keys.execution(id), (known) => {
      if (!known || known.sequence >= last.sequence) return known;
      const status = closingStatus(last.type);
      return status ? { ...known, status, closedAt: last.at, sequence: last.sequence, waitingFor: [] } : known;
    });
  }, [client, id, version]);

  useEffect(() => {
    if (!ahead) return;
    const timer = setTimeout(() => client.invalidateQueries({ queryKey: keys.execution(id) }), REFRESH_MS);
    return () => clearTimeout(timer);
  }, [client, id, ahead]);

  const closed = timeline.closedAt !== null;
  useEffect(() => {
    if (closed) client.invalidateQueries({ queryKey: keys.execution(id) });
  }, [client, id, closed]);
}

function closingStatus(type: string): ExecutionStatus | null {
  switch (type) {
    case "ExecutionCompleted":
      return "completed";
    case "ExecutionFailed":
      return "failed";
    case "ExecutionTimedOut":
      return "timed_out";
    case "ExecutionCancelled":
      return "cancelled";
    default:
      return null;
  }
}
