/**
 * What the steps of one recorded execution came to, for that very dispatch and no other: by place, iteration, attempt and round.
 * Whatever was not recorded is not known: it is never made up from something like it.
 */
import type { HistoryEvent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { stepName } from "../../contract/trial-path";
import type { Trial, TrialAnswer, TrialChild, TrialDecision } from "../../contract/trials";
import type { AnswerSource, AskedTask, Asker } from "../trial/answers";
import { ms, type OpenThing } from "../trial/open";
import { pastAnswers } from "../trial/past-answers";
import { withTook } from "../trial/record";

type Values = ReadonlyMap<string, JsonValue>;
type Told = Pick<Trial, "steps" | "compensations" | "approvals" | "children">;

export interface RecordedAnswers extends AnswerSource {
  /** Whether it was asked for then too, and the execution went on without an answer: whoever waits for it may. */
  wasOpen(thing: OpenThing): boolean;
}

/** What of the draft decides how an answer has to come. */
export interface DraftFacts {
  /** An attempt of the node may only run so long. */
  isTimed(node: string): boolean;
  /** The extra port that leads back from it; null: there is none. */
  loopPort(node: string): string | null;
}

/**
 * The clock of a replay knows no queue: what waited for a worker comes as late as it came, unless its attempt would time out
 * for that.
 * @param history of one execution, whole
 */
export function recordedAnswers(history: readonly HistoryEvent[], values: Values, draft: DraftFacts): RecordedAnswers {
  const read = new Reader(values, draft);
  for (const event of history) read.event(event);
  const { tasks, approvals, children } = read;
  return {
    task: (asked) => tasks.of(taskKey(asked), asked),
    approval: (asked) => approvals.of(stepName(withIndex(asked)), asked),
    child: (asked) => children.of(stepName(withIndex(asked)), asked),
    wasOpen: (thing) => read.asked.has(thing.kind === "task" ? taskKey(thing.asked) : stepName(withIndex(thing.asked))),
  };
}

const withIndex = ({ node, index, iteration }: Asker) => ({ node, index: [...index], iteration });

/** A node that does not poll has one round. */
function taskKey({ kind, attempt, round, ...place }: Pick<AskedTask, "kind" | "attempt" | "round"> & Asker): string {
  const of = kind === "compensation" ? ":compensate" : "";
  return `${stepName(withIndex(place))}${of} ${attempt}.${Math.max(1, round)}`;
}

/** Several answers under one key come one after another; a question that is asked again gets the same. */
class Answers<T> {
  private readonly lists = new Map<string, T[]>();
  private readonly given = new Map<string, number[]>();

  add(key: string, answer: T): void {
    const list = this.lists.get(key);
    if (list === undefined) this.lists.set(key, [answer]);
    else list.push(answer);
  }

  of(key: string, { nth }: Asker): T | null {
    const asked = this.given.get(key) ?? [];
    if (!asked.includes(nth)) asked.push(nth);
    this.given.set(key, asked);
    return this.lists.get(key)?.[asked.indexOf(nth)] ?? null;
  }
}

interface Place {
  node: string;
  iteration: number;
  index?: number[] | undefined;
}

class Reader {
  readonly tasks = new Answers<TrialAnswer>();
  readonly approvals = new Answers<TrialDecision>();
  readonly children = new Answers<TrialChild>();
  /** Of each step, the dispatch that is out. */
  private readonly out = new Map<string, { attempt: number; round: number }>();
  /** Everything that was asked for, answered or not. */
  readonly asked = new Set<string>();
  /** What was asked or started, by its id: how long it took is told by the two together. */
  private readonly opened = new Map<string, HistoryEvent>();

  constructor(
    private readonly values: Values,
    private readonly draft: DraftFacts,
  ) {}

  event(event: HistoryEvent): void {
    switch (event.type) {
      case "StepScheduled": {
        const { attempt, round = 1 } = event.data;
        this.out.set(stepName(event.data), { attempt, round });
        this.asked.add(`${stepName(event.data)} ${attempt}.${round}`);
        return;
      }
      case "CompensationScheduled": {
        this.asked.add(`${stepName(event.data)}:compensate ${event.data.attempt}.1`);
        return;
      }
      case "ApprovalRequested":
        this.opened.set(event.data.approvalId, event);
        this.asked.add(stepName(event.data));
        this.task(event, event.data);
        return;
      case "ChildStarted":
        this.opened.set(event.data.executionId, event);
        this.asked.add(stepName(event.data));
        return;
      case "StepCompleted":
      case "StepAttemptFailed":
      case "StepPolled":
      case "SleepStarted":
        this.task(event, event.data);
        return;
      case "StepFailed":
        this.failed(event);
        return;
      case "CompensationCompleted":
      case "CompensationFailed": {
        const [told] = listOf(this.told([event]).compensations);
        if (told)
          this.tasks.add(`${stepName(event.data)}:compensate ${event.data.attempt}.1`, this.late(told, event.data));
        return;
      }
      case "ApprovalDecided":
      case "ApprovalExpired": {
        const [told] = listOf(this.told(this.since(event.data.approvalId, event)).approvals);
        if (told) this.approvals.add(stepName(event.data), told);
        return;
      }
      case "ChildClosed": {
        const [told] = listOf(this.told(this.since(event.data.executionId, event)).children);
        if (told) this.children.add(stepName(event.data), told);
      }
    }
  }

  private task(event: HistoryEvent, data: Place & { queuedMs?: number | undefined }): void {
    const out = this.out.get(stepName(data));
    const [told] = listOf(this.told([event]).steps);
    if (out === undefined || told === undefined) return;
    this.tasks.add(`${stepName(data)} ${out.attempt}.${out.round}`, this.late(told, data));
  }

  /** The answer was good and the step failed all the same, on its way on: what was answered stands in the details. */
  private failed({ data }: Extract<HistoryEvent, { type: "StepFailed" }>): void {
    const { error, attempt, taskId, ranMs } = data;
    const out = this.out.get(stepName(data));
    if (out === undefined || attempt === undefined || taskId === undefined) return;
    const { code, message, details } = error;
    const port = this.draft.loopPort(data.node);
    const answer: TrialAnswer = hasOutput(details)
      ? { output: details.output, ...(port === null ? {} : { port }) }
      : { error: { code, message, retryable: false } };
    this.tasks.add(`${stepName(data)} ${out.attempt}.${out.round}`, this.late(withTook(answer, ranMs ?? 0), data));
  }

  private late<A extends TrialAnswer>(answer: A, { node, queuedMs = 0 }: Place & { queuedMs?: number | undefined }): A {
    if ("lost" in answer || queuedMs === 0 || this.draft.isTimed(node)) return answer;
    return withTook(answer, ms("took" in answer ? answer.took : 0) + queuedMs);
  }

  private told(events: readonly HistoryEvent[]): Told {
    return pastAnswers(events, this.values);
  }

  private since(id: string, event: HistoryEvent): HistoryEvent[] {
    const opened = this.opened.get(id);
    return opened === undefined ? [event] : [opened, event];
  }
}

/** Of a history in which one thing at one place came to something. */
function listOf<T>(plans: { readonly [place: string]: readonly T[] } | undefined): readonly T[] {
  return Object.values(plans ?? {})[0] ?? [];
}

function hasOutput(details: JsonValue | undefined): details is { output: JsonValue } {
  return typeof details === "object" && details !== null && !Array.isArray(details) && "output" in details;
}
