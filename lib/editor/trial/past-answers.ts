/**
 * What the steps of a past execution came to, as a trial plans it: outputs, failures, waits that handlers asked for,
 * decisions, children, signals, each after as long as it took. A map's item that it does not know is answered as the first
 * one was.
 */
import type { EventOf, HistoryEvent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { Trial, TrialAnswer } from "../../contract/trials";
import { heldIn } from "../../core/execution/held";
import { epochMs } from "../../core/time";
import { durationText } from "./duration-text";
import { Recording } from "./record";

type Kind = "steps" | "compensations" | "approvals" | "children";
type Place = { node: string; iteration: number; index?: number[] | undefined };
type Ended = { ranMs?: number | undefined };
type Told = Pick<Trial, "input" | "steps" | "compensations" | "approvals" | "children" | "signals">;

/** @param values large ones, by the hash that the events name them with */
export function pastAnswers(history: readonly HistoryEvent[], values: ReadonlyMap<string, JsonValue>): Told {
  const past = new Past(values);
  for (const event of history) past.read(event);
  return past.told();
}

class Past {
  private readonly recording = new Recording();
  private readonly since = new Map<string, number>();
  private startedAt = 0;
  private input: JsonValue = null;

  constructor(private readonly values: ReadonlyMap<string, JsonValue>) {}

  told(): Told {
    return { input: this.input, ...this.recording.plans({ firstForAll: true }) };
  }

  read(event: HistoryEvent) {
    switch (event.type) {
      case "ExecutionScheduled":
        this.input = this.value("input", event.data);
        return;
      case "ExecutionStarted":
        this.startedAt = epochMs(event.at);
        if ("input" in event.data || "inputRef" in event.data) this.input = this.value("input", event.data);
        return;
      case "StepCompleted":
      case "StepPolled":
        if (event.data.taskId !== undefined) this.note("steps", event.data, this.completed(event));
        return;
      case "StepAttemptFailed":
        return this.note("steps", event.data, failed(event.data));
      case "SleepStarted":
        return this.slept(event);
      case "ApprovalRequested":
        return this.asked(event);
      case "ApprovalDecided":
        return this.decided(event);
      case "ApprovalExpired":
        return this.note("approvals", event.data, "expired");
      case "ChildStarted":
        this.since.set(event.data.executionId, epochMs(event.at));
        return;
      case "ChildClosed":
        return this.childClosed(event);
      case "SignalReceived":
        return this.signalled(event);
      case "CompensationCompleted":
        return this.note("compensations", event.data, {
          output: this.value("output", event.data),
          ...took(event.data.ranMs),
        });
      case "CompensationFailed":
        if (event.data.attempt > 0) this.note("compensations", event.data, failed(event.data));
    }
  }

  private completed({ data }: EventOf<"StepCompleted"> | EventOf<"StepPolled">): TrialAnswer {
    const port = "port" in data && data.port !== undefined ? { port: data.port } : {};
    return { output: this.value("output", data), ...port, ...took(data.ranMs) };
  }

  private slept({ data, at }: EventOf<"SleepStarted">): void {
    if (data.directive === undefined) return;
    const duration = durationText(epochMs(data.resumeAt) - epochMs(at));
    this.note("steps", data, { sleep: { duration, ...this.directive(data.directive) }, ...took(data.ranMs) });
  }

  private asked({ data, at }: EventOf<"ApprovalRequested">): void {
    this.since.set(data.approvalId, epochMs(at));
    const { directive, title, description, assignees, form, expiresAt, taskId } = data;
    if (directive === undefined || taskId === undefined) return;
    const ask = {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(assignees === undefined ? {} : { assignees }),
      ...(form === undefined ? {} : { form }),
      ...(expiresAt === undefined ? {} : { timeout: durationText(epochMs(expiresAt) - epochMs(at)) }),
      ...this.directive(directive),
    };
    this.note("steps", data, { ask, ...took(data.ranMs) });
  }

  private directive(directive: NonNullable<EventOf<"SleepStarted">["data"]["directive"]>) {
    const data = this.value("data", directive);
    const { then, name } = directive;
    return { ...(data === null ? {} : { data }), then, ...(name === undefined ? {} : { name }) };
  }

  private decided({ data, at }: EventOf<"ApprovalDecided">): void {
    const given = heldIn("data", data) === null ? {} : { data: this.value("data", data) };
    const after = this.elapsed(data.approvalId, at);
    this.note("approvals", data, {
      decision: data.decision,
      ...given,
      ...(data.comment === undefined ? {} : { comment: data.comment }),
      ...(after === 0 ? {} : { after: durationText(after) }),
    });
  }

  private childClosed({ data, at }: EventOf<"ChildClosed">) {
    const ended = took(this.elapsed(data.executionId, at));
    if (data.status === "completed")
      return this.note("children", data, { output: this.value("output", data), ...ended });
    const { code, message, details } = data.error ?? { code: data.status, message: "" };
    const status = FAILED_CHILD.find((each) => each === data.status) ?? "failed";
    const error = { code, message, ...(details === undefined ? {} : { details }) };
    this.note("children", data, { error, status, ...ended });
  }

  private signalled({ data, at }: EventOf<"SignalReceived">): void {
    const payload = this.value("payload", data);
    const after = Math.max(0, epochMs(at) - this.startedAt);
    this.recording.signals.push({
      signal: data.signal,
      ...(payload === null ? {} : { payload }),
      ...(after === 0 ? {} : { after: durationText(after) }),
    });
  }

  private note<K extends Kind>(kind: K, { node, index = [] }: Place, plan: Parameters<Recording["write"]>[2]): void {
    const nth = this.recording.count(kind, { node, index });
    this.recording.took(kind, { node, index });
    this.recording.write(kind, { node, index, nth }, plan);
  }

  private elapsed(id: string, at: string): number {
    const since = this.since.get(id);
    return since === undefined ? 0 : Math.max(0, epochMs(at) - since);
  }

  private value<F extends "input" | "output" | "data" | "payload">(
    field: F,
    data: Parameters<typeof heldIn<F>>[1],
  ): JsonValue {
    const held = heldIn(field, data);
    if (held === null) return null;
    return "json" in held ? held.json : (this.values.get(held.ref.hash) ?? null);
  }
}

const FAILED_CHILD = ["failed", "cancelled", "terminated", "timed_out"] as const;

function failed({ error, ranMs }: Ended & { error: EventOf<"StepFailed">["data"]["error"] }): TrialAnswer {
  const { code, message, details, retryable } = error;
  const more = { ...(details === undefined ? {} : { details }), ...(retryable === undefined ? {} : { retryable }) };
  return { error: { code, message, ...more }, ...took(ranMs) };
}

function took(ranMs: number | undefined): { took?: string } {
  return ranMs === undefined || ranMs === 0 ? {} : { took: durationText(ranMs) };
}
