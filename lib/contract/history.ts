/** The history of an execution: its events, in the one form in which they are stored, sent and folded. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { TRACEPARENT } from "./traceparent";

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

const step = {
  node: z.string().describe("Inside maps a path: the ids of the maps around it, then its own, joined by /"),
  iteration: z.int().min(1),
  index: z.array(z.int()).optional().describe("Which item of each map around it, from the outside in"),
};
const input = { input: z.json().optional(), inputRef: valueRefSchema.optional() };
const output = { output: z.json().optional(), outputRef: valueRefSchema.optional() };
const data = { data: z.json().optional(), dataRef: valueRefSchema.optional() };
const value = { value: z.json().optional(), valueRef: valueRefSchema.optional() };
const payload = { payload: z.json().optional(), payloadRef: valueRefSchema.optional() };
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
/** By which a repeated call is known again: short hashes of its idempotency key, and of what it asked for. */
export const requestKeySchema = z.object({ key: z.string(), hash: z.string() });
export type RequestKey = z.infer<typeof requestKeySchema>;
const request = { request: requestKeySchema.optional().describe("Where the call had an idempotency key") };
/** A handler ended its dispatch with a wish to wait: what becomes of the step afterwards. */
const directive = {
  directive: z
    .object({ then: z.enum(["complete", "resume"]), name: z.string().optional(), ...data })
    .optional()
    .describe("Present where a handler asked for it; its dispatch ended here"),
  ...ending,
  ...ranOn,
};
/** Input of a step's compensation, frozen when the step ended; or why it could not be computed. */
const compensation = {
  compensate: z.object({ ...input, error: errorSchema.optional() }).optional(),
};
/** What the step still waited for when it ended. */
const givenUp = { approvalId: z.string().optional(), executionId: z.string().optional() };
/** The step of another execution that started this one. */
export const parentSchema = z.object({
  executionId: z.string(),
  node: z.string(),
  iteration: z.int().min(1),
  index: z.array(z.int()).optional(),
  depth: z.int().min(1).describe("How many executions are above this one"),
  wait: z.boolean().describe("Whether the parent's step waits for this one to close"),
});
export type Parent = z.infer<typeof parentSchema>;

const trace = z
  .string()
  .regex(TRACEPARENT)
  .optional()
  .describe("W3C traceparent of the call that asked for it, where the server writes traces");

const started = {
  workflow: z.string(),
  version: z.int(),
  hash: z.string(),
  ...input,
  key: z.string().optional(),
  tags: z.array(z.string()).optional(),
  correlationId: z.string().optional(),
  priority: z.int().optional(),
  timeoutMs: z.int().optional(),
  parent: parentSchema.optional(),
  trace,
};
const failure = {
  code: z.string(),
  message: z.string(),
  node: z.string().optional(),
  index: z.array(z.int()).optional(),
};

const closingSchema = z
  .object({
    status: z.enum(["failed", "cancelled", "timed_out"]),
    ...failure,
    error: errorSchema.optional(),
    reason: z.string().optional(),
    timeoutAt: instantSchema.optional(),
  })
  .partial({ code: true, message: true })
  .describe("In the first of them: how the execution closes once all are done");

/** Each event type with the schema of its data. A value that is absent was not given; `…Ref` stands for a large one. */
export const eventDataSchemas = {
  ExecutionScheduled: z.object({ ...started, startAt: instantSchema }),
  ExecutionStarted: z.object({ ...started, timeoutAt: instantSchema.optional() }),
  ExecutionCompleted: z.object({ ...output }),
  ExecutionFailed: z.object({ ...failure, error: errorSchema.optional() }),
  ExecutionTimedOut: z.object({ timeoutAt: instantSchema }),
  ExecutionCancelRequested: z.object({ ...request, reason: z.string().optional(), compensate: z.boolean().optional() }),
  ExecutionCancelled: z.object({ reason: z.string().optional() }),
  ExecutionTerminated: z.object({
    ...request,
    reason: z.string().optional(),
    taskId: z.string().optional().describe("Of a compensation that was out"),
  }),
  ExecutionPaused: z.object({ ...request, reason: z.string().optional() }),
  ExecutionResumed: z.object({ ...request, reason: z.string().optional(), pausedMs: z.int() }),
  ExecutionRetried: z.object({
    ...request,
    reason: z.string().optional(),
    fromNode: z.string().optional(),
    ...input,
    timeoutAt: instantSchema.optional(),
  }),
  ExecutionForked: z.object({
    source: z.string().describe("The execution whose history was copied up to here"),
    at: z.int(),
    version: z.int(),
    hash: z.string(),
    ...input,
    overrides: z.record(z.string(), z.object({ ...output })).optional(),
    reason: z.string().optional(),
    timeoutAt: instantSchema.optional(),
    trace,
  }),
  StepScheduled: z.object({
    ...step,
    attempt: z.int().min(1),
    round: z.int().min(1).optional(),
    taskId: z.string(),
    task: nameSchema,
    queue: nameSchema,
    ...input,
    concurrencyKey: z.string().optional(),
    totalTimeoutAt: instantSchema.optional().describe("In the first of an iteration"),
    pollTimeoutAt: instantSchema.optional().describe("In the first of an iteration"),
    resumed: z.boolean().optional().describe("The same attempt goes on after a directive"),
  }),
  StepCheckpointed: z.object({ ...step, name: z.string(), round: z.int().optional(), ...value }),
  StepCompleted: z.object({
    ...step,
    port: z.string().optional().describe("Absent: the default port of its type"),
    ...output,
    attempt: z.int().optional(),
    carry: z.json().optional().describe("Of a paused execution, for the loop that will be taken"),
    carryRef: valueRefSchema.optional(),
    ...compensation,
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
  StepPolled: z.object({ ...step, round: z.int().min(1), ...output, nextAt: instantSchema, ...ending, ...ranOn }),
  StepFailed: z.object({
    ...step,
    error: errorSchema,
    carry: z.json().optional(),
    carryRef: valueRefSchema.optional(),
    ...compensation,
    unrouted: z
      .boolean()
      .optional()
      .describe("Its loop edge on error cannot be taken again: nothing takes the failure"),
    ...givenUp,
    attempt: z.int().optional().describe("Where the step failed although its attempt had not"),
    ...ending,
    ...ranOn,
  }),
  StepSkipped: z.object({ ...step }),
  StepCancelled: z.object({
    ...step,
    why: z.string(),
    taskId: z.string().optional().describe("The dispatch that was out"),
    ...givenUp,
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
  LoopTaken: z.object({
    ...step,
    port: z.string(),
    to: z.string().describe("The node that runs again; a path inside maps"),
    turn: z.int().min(2).describe("What loop.iteration is from now on"),
    ...value,
  }),
  SleepStarted: z.object({ ...step, resumeAt: instantSchema, ...directive }),
  SleepCompleted: z.object({ ...step }),
  ApprovalRequested: z.object({
    ...step,
    approvalId: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    assignees: z.array(z.string()).optional(),
    form: z.json().optional(),
    expiresAt: instantSchema.optional(),
    ...directive,
  }),
  ApprovalDecided: z.object({
    ...step,
    approvalId: z.string(),
    decision: z.enum(["approved", "rejected"]),
    ...data,
    comment: z.string().optional(),
    decidedBy: z.string(),
  }),
  ApprovalExpired: z.object({ ...step, approvalId: z.string() }),
  SignalAwaited: z.object({ ...step, signal: z.string(), expiresAt: instantSchema.optional() }),
  SignalReceived: z.object({ ...request, signal: z.string(), ...payload }),
  SignalConsumed: z.object({
    ...step,
    signal: z.string(),
    received: z.int().describe("Sequence of the signal's own event"),
  }),
  SignalExpired: z.object({ ...step, signal: z.string() }),
  MapStarted: z.object({
    ...step,
    count: z.int().min(0),
    items: z.json().optional(),
    itemsRef: valueRefSchema.optional(),
  }),
  MapCompleted: z.object({ ...step, completed: z.int(), failed: z.int() }),
  ChildStarted: z.object({
    ...step,
    executionId: z.string(),
    workflow: z.string(),
    version: z.int(),
    hash: z.string(),
    wait: z.boolean(),
    ...input,
  }),
  ChildClosed: z.object({
    ...step,
    executionId: z.string(),
    status: z.string(),
    ...output,
    error: errorSchema.optional(),
  }),
  CompensationScheduled: z.object({
    ...step,
    attempt: z.int().min(1),
    taskId: z.string(),
    task: nameSchema,
    queue: nameSchema,
    ...input,
    closing: closingSchema.optional(),
  }),
  CompensationCompleted: z.object({ ...step, ...output, attempt: z.int(), ...ending, ...ranOn }),
  CompensationFailed: z.object({
    ...step,
    error: errorSchema,
    attempt: z.int(),
    retryAt: instantSchema.nullable(),
    closing: closingSchema.optional(),
    ...ending,
    ...ranOn,
  }),
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
