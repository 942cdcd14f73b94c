/** What a server would say of the execution in a file, from its history alone. */
import type { Definition } from "@/lib/contract/definition";
import type { Execution } from "@/lib/contract/executions";
import type { JsonValue } from "@/lib/contract/json";
import type { WorkflowVersion } from "@/lib/contract/workflows";
import { compileGraph } from "@/lib/core/definition/graph";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState, versionBoundBy } from "@/lib/core/execution/initial-state";
import { progressOf } from "@/lib/core/execution/progress";
import type { ExecutionState, Held } from "@/lib/core/execution/state";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import type { HistoryFile, OpenedFile } from "./history-file";

/** Null where the definition is not in the file. */
export function versionIn({ history, versions }: OpenedFile, version: number): WorkflowVersion | null {
  const definition = definitionOf({ history, versions }, version);
  if (definition === undefined) return null;
  const { workflow: name, startedAt } = history.execution;
  return {
    name,
    version,
    hash: hashIn(history, version),
    definition: definition as unknown as WorkflowVersion["definition"],
    publishedAt: startedAt ?? history.events[0]?.at ?? "",
    publishedBy: "",
    note: null,
  };
}

/** As the event says it that bound the execution to the version. */
function hashIn({ events }: HistoryFile, version: number): string {
  const binding = events.find((event) => versionBoundBy(event) === version);
  return binding !== undefined && "hash" in binding.data ? (binding.data.hash as string) : "";
}

function definitionOf({ history, versions }: Pick<OpenedFile, "history" | "versions">, version: number) {
  return version === history.execution.version ? history.definition : versions[String(version)];
}

/** What the core folds of it; a history that it cannot fold is shown by what its file says of it. */
export function executionIn(file: OpenedFile): Execution {
  const { history } = file;
  const state = folded(file);
  return state === null ? unfolded(history) : { ...unfolded(history), ...told(state, history.values) };
}

function unfolded(history: HistoryFile): Execution {
  const { execution, events } = history;
  const first = events[0];
  const { id, workflow, version, status, startedAt, closedAt, forkedFrom, sequence } = execution;
  return {
    id,
    key: null,
    workflow,
    version,
    status,
    tags: [],
    correlationId: null,
    createdAt: first?.at ?? new Date(0).toISOString(),
    startAt: null,
    startedAt,
    closedAt,
    sequence,
    hash: hashIn(history, version),
    input: null,
    output: null,
    error: null,
    parent: null,
    children: null,
    forkedFrom,
    pausedAt: null,
    pauseReason: null,
    cancelRequested: false,
    closing: null,
    progress: { completed: 0, total: 0 },
    waitingFor: [],
    steps: [],
    stepsCursor: null,
  };
}

function told(state: ExecutionState, values: Readonly<Record<string, unknown>>): Partial<Execution> {
  const held = (value: Held | null) => (value === null ? null : shownValue(value, values));
  return {
    key: state.key,
    tags: [...state.tags],
    correlationId: state.correlationId,
    startAt: instant(state.startAt),
    input: held(state.input),
    output: held(state.output),
    error: state.error,
    parent: state.parent,
    pausedAt: instant(state.pausedAt),
    pauseReason: state.pauseReason,
    cancelRequested: state.cancelRequested,
    closing: state.closing && {
      status: state.closing.status,
      reason: state.closing.reason ?? null,
      error: state.closing.error,
    },
    progress: progressOf(state),
    waitingFor: waitingFor(state),
  };
}

function shownValue(value: Held, values: Readonly<Record<string, unknown>>): JsonValue {
  return "json" in value ? value.json : ((values[value.ref.hash] ?? null) as JsonValue);
}

function instant(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

function folded(file: OpenedFile): ExecutionState | null {
  const { events } = file.history;
  try {
    const named = events.map(versionBoundBy).filter((version) => version !== null);
    const graphs = new Map(
      [...new Set(named)].map((version) => [version, compileGraph(definitionOf(file, version) as Definition)]),
    );
    const first = graphs.get(named[0] ?? 0);
    return first === undefined ? null : evolveAll(initialState(first, graphs), events);
  } catch {
    return null;
  }
}
