/** Recorded histories: what was written once must fold for ever, and to the same state as long as STATE_VERSION is the same. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import { compileGraph } from "@/lib/core/definition/graph";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import { serializeState } from "@/lib/core/execution/serialize-state";
import { STATE_VERSION } from "@/lib/core/execution/state";

export interface RecordedHistory {
  /** The behaviour that it was recorded of. */
  behaviour: string;
  definition: Definition;
  events: HistoryEvent[];
  stateVersion: number;
  /** SHA-256 of the canonical JSON of the serialised state. */
  stateHash: string;
}

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

export function recordedHistories(): [file: string, recorded: RecordedHistory][] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return files.toSorted().map((name) => [name, JSON.parse(readFileSync(`${FOLDER}${name}`, "utf8"))]);
}

export function stateHash({ definition, events }: Pick<RecordedHistory, "definition" | "events">): string {
  const graph = compileGraph(definition);
  const state = evolveAll(initialState(graph, new Map([[1, graph]])), events);
  const serialised = JSON.parse(JSON.stringify(serializeState(state))) as JsonValue;
  return createHash("sha256").update(canonicalJson(serialised)).digest("hex");
}

/** Never over one that is there: what was recorded stays as it was, but for the hash of another STATE_VERSION. */
export function record(behaviour: string, definition: Definition, history: HistoryEvent[]): void {
  const events = withoutStacks(history);
  const hash = stateHash({ definition, events });
  const known = recordedHistories().some(([, recorded]) => recorded.definition.name === definition.name);
  if (!known)
    write(`${definition.name}.json`, { behaviour, definition, events, stateVersion: STATE_VERSION, stateHash: hash });
}

/** They name files of whoever recorded it. */
function withoutStacks(events: HistoryEvent[]): HistoryEvent[] {
  return JSON.parse(JSON.stringify(events, (name, value) => (name === "stack" ? undefined : value)));
}

/** The same history, with what it folds to under the present STATE_VERSION. */
export function renew(file: string, recorded: RecordedHistory): void {
  write(file, { ...recorded, stateVersion: STATE_VERSION, stateHash: stateHash(recorded) });
}

function write(file: string, recorded: RecordedHistory): void {
  writeFileSync(`${FOLDER}${file}`, `${JSON.stringify(recorded)}\n`);
}
