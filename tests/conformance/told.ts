/** What an execution tells: its history without what differs from host to host, and what assertions ask of it. */
import type { EventOf, EventType, HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { placeOf } from "./bench";

const ENDINGS: { readonly [type: string]: string } = {
  StepCompleted: "completed",
  StepFailed: "failed",
  StepSkipped: "skipped",
  StepCancelled: "cancelled",
};
const CLOSINGS: { readonly [type: string]: string } = {
  ExecutionCompleted: "completed",
  ExecutionFailed: "failed",
  ExecutionCancelled: "cancelled",
  ExecutionTerminated: "terminated",
  ExecutionTimedOut: "timed_out",
};

/** Each event's `at` is an offset from the first one, `+1000`, and so is every instant in its data. */
export class Told {
  constructor(readonly events: readonly HistoryEvent[]) {}

  /** `open` where nothing closed it. */
  get status(): string {
    return CLOSINGS[this.events.at(-1)?.type ?? ""] ?? "open";
  }

  get output(): JsonValue | undefined {
    return this.all("ExecutionCompleted").at(-1)?.data.output;
  }

  /** Why it failed. */
  get failure(): { code: string; node?: string; index?: number[] } | null {
    const data = this.all("ExecutionFailed").at(-1)?.data;
    if (data === undefined) return null;
    const { code, node, index } = data;
    return { code, ...(node === undefined ? {} : { node }), ...(index === undefined ? {} : { index }) };
  }

  get types(): EventType[] {
    return this.events.map(({ type }) => type);
  }

  all<T extends EventType>(type: T, place?: string): EventOf<T>[] {
    return this.events.filter(
      (event): event is EventOf<T> => event.type === type && (place === undefined || placeIn(event) === place),
    );
  }

  /** The only one of its type at that place. */
  one<T extends EventType>(type: T, place?: string): EventOf<T> {
    const found = this.all(type, place);
    const [first] = found;
    if (first === undefined || found.length > 1) throw new Error(`${found.length} ${type} of ${place ?? "it"}`);
    return first;
  }

  count(type: EventType, place?: string): number {
    return this.all(type, place).length;
  }

  /** How each iteration of each step ended, in that order: `a completed`, `each/charge[1] failed`, `a#2 skipped`. */
  get endings(): string[] {
    return this.events.flatMap((event) => {
      const ending = ENDINGS[event.type];
      if (ending === undefined || !("iteration" in event.data)) return [];
      const { iteration } = event.data;
      return [`${placeIn(event)}${iteration === 1 ? "" : `#${iteration}`} ${ending}`];
    });
  }

  /** The outputs of a step's iterations, in order. */
  outputs(place: string): (JsonValue | undefined)[] {
    return this.all("StepCompleted", place).map(({ data }) => data.output);
  }

  /** Why it failed for good, the last time. */
  error(place: string): { code: string; message: string; details?: unknown } {
    const failed = this.all("StepFailed", place).at(-1);
    if (failed === undefined) throw new Error(`${place} did not fail`);
    return failed.data.error;
  }

  /** The places of all events of these types, in order. */
  order(...types: EventType[]): string[] {
    return this.events.flatMap((event) => (types.includes(event.type) ? (placeIn(event) ?? event.type) : []));
  }
}

export function placeIn({ data }: HistoryEvent): string | null {
  if (!("node" in data) || data.node === undefined) return null;
  return placeOf(data.node, "index" in data ? data.index : undefined);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ID = /\b(exe|tsk|apr|wrk)_[0-9a-zA-Z]{13}\b/g;
/** They differ from host to host, or from machine to machine. */
const LEFT_OUT = new Set(["lease", "queuedMs", "ranMs", "stack"]);

/** Several histories together, so that an id is called the same in all of them: by the order of first appearance. */
export function normalise(histories: readonly (readonly HistoryEvent[])[]): Told[] {
  const names = new Map<string, string>();
  const startAt = Date.parse(histories[0]?.[0]?.at ?? "");
  const nameOf = (id: string, kind: string) => {
    const name = names.get(id) ?? `${kind}-${names.size + 1}`;
    names.set(id, name);
    return name;
  };
  const plain = (value: unknown): unknown => {
    if (typeof value === "string")
      return INSTANT.test(value) ? `+${Date.parse(value) - startAt}` : value.replace(ID, nameOf);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([name, member]) => !LEFT_OUT.has(name) && member !== undefined);
    return Object.fromEntries(kept.map(([name, member]) => [name, plain(member)]));
  };
  return histories.map((events) => new Told(events.map((event) => plain(withoutWorker(event)) as HistoryEvent)));
}

/** Which of several workers it was is chance. */
function withoutWorker(event: HistoryEvent): HistoryEvent {
  const actor = event.actor.startsWith("worker:") ? "worker" : event.actor;
  const data = "worker" in event.data ? { ...event.data, worker: "worker" } : event.data;
  return { ...event, actor, data } as HistoryEvent;
}
