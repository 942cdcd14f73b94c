"use client";
/**
 * Values of a past execution, beside what is edited: which one is chosen once for the whole editor, for as long as the page
 * stands; its history is read and folded by the core. None is chosen at first.
 */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { HistoryFold } from "@/app/_execution/history-fold";
import { api } from "@/lib/client/api";
import type { Page } from "@/lib/client/queries";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { WorkflowVersion } from "@/lib/contract/workflows";
import { type Samples, samplesOf } from "@/lib/editor/expressions/samples";
import { useEditor } from "../use-editor";

const chosen = new Map<string, string>();
const listeners = new Set<() => void>();

/** Null: none. */
export function chooseSample(workflow: string, execution: string | null): void {
  if (execution === null) chosen.delete(workflow);
  else chosen.set(workflow, execution);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface ChosenSamples {
  readonly workflow: string;
  readonly execution: string | null;
  /** Null while they are read, too. */
  readonly samples: Samples | null;
  readonly isLoading: boolean;
  readonly error: Error | null;
}

export function useSamples(): ChosenSamples {
  const workflow = useEditor(({ session }) => session.present.definition.name);
  const execution = useSyncExternalStore(
    subscribe,
    () => chosen.get(workflow) ?? null,
    () => null,
  );
  const { data, isLoading, error } = useQuery({
    queryKey: ["execution-samples", execution],
    queryFn: ({ signal }) => readSamples(execution ?? "", signal),
    enabled: execution !== null,
    staleTime: 60_000,
  });
  return { workflow, execution, samples: (execution !== null && data) || null, isLoading, error };
}

const PAGE = 200;
/** What comes later in a longer history is not shown. */
const MOST_EVENTS = 10_000;

async function readSamples(execution: string, signal: AbortSignal): Promise<Samples | null> {
  const events = await readEvents(execution, signal);
  const fold = new HistoryFold();
  fold.follow(events);
  const workflow = workflowOf(events);
  if (workflow === null) return null;
  for (const version of fold.missing) fold.bind(version, await readDefinition(workflow, version, signal));
  fold.follow(events);
  return fold.state === null ? null : samplesOf(fold.state, execution);
}

async function readEvents(execution: string, signal: AbortSignal): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  while (events.length < MOST_EVENTS) {
    const query = { after: events.length, limit: PAGE };
    const { items } = await api<Page<HistoryEvent>>(`/executions/${encodeURIComponent(execution)}/events`, {
      query,
      signal,
    });
    events.push(...items);
    if (items.length < PAGE) break;
  }
  return events;
}

async function readDefinition(workflow: string, version: number, signal: AbortSignal): Promise<Definition> {
  const path = `/workflows/${encodeURIComponent(workflow)}/versions/${version}`;
  const { definition } = await api<WorkflowVersion>(path, { signal });
  return definition as unknown as Definition;
}

function workflowOf([first]: readonly HistoryEvent[]): string | null {
  const name = first?.data && "workflow" in first.data ? first.data.workflow : null;
  return typeof name === "string" ? name : null;
}
