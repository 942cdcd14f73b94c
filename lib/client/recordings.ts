/** Recorded executions as a backtest takes them: which there are, and one with its whole history and the values beside it. */
import type { ExecutionStatus, ExecutionSummary } from "@/lib/contract/executions";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { largeValues, type Recording } from "@/lib/editor/backtest/recording";
import { api } from "./api";
import type { Page } from "./queries";

const EVENTS_A_PAGE = 200;

/** The newest first. */
export async function listRecorded(
  workflow: string,
  statuses: readonly ExecutionStatus[],
  limit: number,
  signal: AbortSignal,
): Promise<ExecutionSummary[]> {
  const query = { workflow, status: statuses.join(","), limit };
  return (await api<Page<ExecutionSummary>>("/executions", { query, signal })).items;
}

export async function readRecording(id: string, signal: AbortSignal): Promise<Recording> {
  const path = `/executions/${encodeURIComponent(id)}`;
  const history: HistoryEvent[] = [];
  let after: string | null = "0";
  while (after !== null) {
    const query: { after: string; limit: number } = { after, limit: EVENTS_A_PAGE };
    const page: Page<HistoryEvent> = await api(`${path}/events`, { query, signal });
    history.push(...page.items);
    after = page.nextCursor;
  }
  const hashes = largeValues(history);
  const values = await Promise.all(hashes.map((hash) => api<JsonValue>(`${path}/values/${hash}`, { signal })));
  return { id, history, values: new Map(hashes.map((hash, i) => [hash, values[i] ?? null])) };
}
