/** The history of an execution: its events, in the one form in which they are stored, sent and folded. */
import { z } from "zod";
import { nameSchema } from "./definition";

export const instantSchema = z.iso.datetime({ precision: 3 }).describe("RFC 3339, UTC, milliseconds");

/** What went wrong with a step or an execution. `stack` and `details` are the worker's, as it sent them. */
export const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.json().optional(),
  stack: z.string().optional(),
  retryable: z.boolean().optional(),
});
export type ErrorInfo = z.infer<typeof errorSchema>;

/** Stands for a value too large to lie in its event: the SHA-256 of its JSON text in hex, and its UTF-8 length. */
export const valueRefSchema = z.object({ hash: z.string().length(64), bytes: z.int() });
export type ValueRef = z.infer<typeof valueRefSchema>;

/** Who caused an event: `engine`, or a kind and its id, as in `worker:wrk_…`, `key:key_…`, `user:…`. */
export const actorSchema = z.string().max(200);
export type Actor = string;

const step = { node: z.string(), iteration: z.int().min(1), index: z.array(z.int()).optional() };
const input = { input: z.json().optional(), inputRef: valueRefSchema.optional() };
const output = { output: z.json().optional(), outputRef: valueRefSchema.optional() };
const ranOn = {
  worker: z.string().optional(),
  queuedMs: z.int().optional().describe("From dispatch to lease"),
  ranMs: z.int().optional().describe("From lease to answer"),
};
const ending = {
  taskId: z.string().optional(),
  lease: z
    .string()
    .optional()
    .describe("A short hash of the lease token, by which a repeated result is told from a late one"),
};

/** Each event type with the schema of its data. A value that is absent was not given; `…Ref` stands for a large one. */
export const eventDataSchemas = {
  ExecutionStarted: z.object({
    workflow: z.string(),
    version: z.int(),
    hash: z.string(),
    ...input,
    key: z.string().optional(),
    tags: z.array(z.string()).optional(),
    correlationId: z.string().optional(),
    priority: z.int().optional(),
    timeoutAt: instantSchema.optional(),
  }),
  ExecutionCompleted: z.object({ ...output }),
  ExecutionFailed: z.object({
    code: z.string(),
    message: z.string(),
    node: z.string().optional(),
    error: errorSchema.optional(),
  }),
  ExecutionTimedOut: z.object({ timeoutAt: instantSchema }),
  ExecutionCancelRequested: z.object({ reason: z.string().optional(), compensate: z.boolean().optional() }),
  ExecutionCancelled: z.object({ reason: z.string().optional() }),
  StepScheduled: z.object({
    ...step,
    attempt: z.int().min(1),
    taskId: z.string(),
    task: nameSchema,
    queue: nameSchema,
    ...input,
    totalTimeoutAt: instantSchema.optional().describe("In the first of an iteration"),
  }),
  StepCompleted: z.object({
    ...step,
    port: z.string().optional().describe("Absent: success"),
    ...output,
    attempt: z.int().optional(),
    ...ending,
    ...ranOn,
  }),
  StepAttemptFailed: z.object({
    ...step,
    attempt: z.int().min(1),
    error: errorSchema,
    retryAt: instantSchema.nullable().describe("null: this was the last attempt"),
    ...ending,
    ...ranOn,
  }),
  StepFailed: z.object({ ...step, error: errorSchema }),
  StepSkipped: z.object({ ...step }),
  StepCancelled: z.object({
    ...step,
    why: z.string(),
    taskId: z.string().optional().describe("The dispatch that was out"),
  }),
  ChoiceEvaluated: z.object({
    ...step,
    port: z.string(),
    cases: z.array(
      z.object({
        port: z.string(),
        when: z.string(),
        result: z.boolean(),
        saw: z.record(z.string(), z.json()).describe("The operands by the path they were read from, as evaluated"),
      }),
    ),
  }),
  SleepStarted: z.object({ ...step, resumeAt: instantSchema }),
  SleepCompleted: z.object({ ...step }),
  ResultRejected: z.object({
    ...step,
    taskId: z.string(),
    lease: z.string(),
    why: z.string(),
    worker: z.string().optional(),
  }),
} as const;

export type EventType = keyof typeof eventDataSchemas;
export const EVENT_TYPES = Object.keys(eventDataSchemas) as EventType[];
export type EventData<T extends EventType = EventType> = z.infer<(typeof eventDataSchemas)[T]>;

/**
 * One fact of an execution. `sequence` runs 1, 2, 3 without a gap; `command` is the sequence of the first
 * event that the same command wrote, so that a history can be cut between commands and never within one.
 */
export type HistoryEvent = {
  [T in EventType]: {
    sequence: number;
    type: T;
    at: string;
    actor: Actor;
    command: number;
    data: EventData<T>;
  };
}[EventType];

export type EventOf<T extends EventType> = Extract<HistoryEvent, { type: T }>;

/** An event as the API sends it: types newer than the reader are let through, so that a page can still list them. */
export const eventSchema = z.object({
  sequence: z.int().min(1),
  type: z.string(),
  at: instantSchema,
  actor: actorSchema,
  command: z.int().min(1),
  data: z.record(z.string(), z.json()),
});
