/** The worker protocol: how a worker registers, is given tasks, reports and stays alive. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { errorSchema, instantSchema } from "./history";
import type { JsonValue } from "./json";
import { CHECKPOINTS_A_MESSAGE, POLL_CAPACITY_MAX } from "./limits";
import { type LogLine, logsSchema } from "./logs";

/** Any JSON. It came out of a parser and may be large, so that it is not walked again here. */
const valueSchema = z.custom<JsonValue>((value) => value !== undefined, "is missing");
const taskIdSchema = z.string().max(64);
const leaseTokenSchema = z.string().min(1).max(200);

/** A poll looks into each queue for each task: more pairs than this would make it slow. */
const QUEUE_TASK_PAIRS_MAX = 10_000;

export const registerWorkerSchema = z
  .strictObject({
    name: z.string().min(1).max(200).optional(),
    queues: z.array(nameSchema).min(1).max(100),
    tasks: z.array(nameSchema).min(1).max(1000),
    language: z.string().min(1).max(50),
    sdkVersion: z.string().min(1).max(50),
    capacity: z.int().min(1).max(POLL_CAPACITY_MAX),
    metadata: z.record(z.string().max(200), z.json()).optional(),
  })
  .refine(({ queues, tasks }) => queues.length * tasks.length <= QUEUE_TASK_PAIRS_MAX, {
    error: `queues times tasks must be at most ${QUEUE_TASK_PAIRS_MAX}: register several workers`,
    path: ["tasks"],
  });
export type RegisterWorker = z.infer<typeof registerWorkerSchema>;

export const workerRegisteredSchema = z.object({
  workerId: z.string(),
  heartbeatIntervalMs: z.int(),
  leaseMs: z.int(),
});
export type WorkerRegistered = z.infer<typeof workerRegisteredSchema>;

export const checkpointSchema = z.strictObject({ name: z.string().min(1).max(128), value: valueSchema });
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const checkpointsSchema = z
  .array(checkpointSchema)
  .max(CHECKPOINTS_A_MESSAGE)
  .describe("What the handler notes down on its way: recorded, and the first value of a name wins");

/** Takes anything: what it should be is judged where it is taken in, so that it spoils nothing beside it. */
function judgedApart(schema: z.ZodType) {
  return z.union([z.unknown(), schema]);
}

/** Beside a result or a heartbeat: neither may be lost over them. */
const noted = {
  checkpoints: judgedApart(checkpointsSchema).optional(),
  logs: judgedApart(logsSchema).optional(),
};
interface Noted {
  checkpoints?: Checkpoint[];
  logs?: LogLine[];
}

/** How one lease is named in a heartbeat. */
const running = { leaseToken: leaseTokenSchema, details: valueSchema.optional(), ...noted };

export const heartbeatSchema = z.strictObject({
  running: z.array(z.strictObject({ taskId: taskIdSchema, ...running })).max(POLL_CAPACITY_MAX * 2),
});
/** As it arrives: what checkpoints and logs are made of is not known yet. */
export type ReceivedHeartbeat = z.infer<typeof heartbeatSchema>;

export const workerCommandSchema = z.object({ type: z.enum(["cancel", "drain"]), taskId: z.string().optional() });
export const renewalAckSchema = z.object({
  taskId: z.string(),
  status: z.enum(["ok", "stale"]),
  code: z
    .string()
    .optional()
    .describe("Why details, checkpoints or logs could not be kept; the lease was renewed all the same"),
  checkpoints: z
    .array(checkpointSchema)
    .optional()
    .describe("Of the names that this heartbeat brought, what is recorded: the first value of each"),
});
export type RenewalAck = z.infer<typeof renewalAckSchema>;
export const heartbeatAnswerSchema = z.object({
  commands: z.array(workerCommandSchema),
  acks: z.array(renewalAckSchema),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswerSchema>;

/** What becomes of a step that waits because its handler asked for it. */
const directive = {
  data: valueSchema.optional().describe("Kept while it waits: a completed sleep's output; resumed.carried"),
  then: z
    .enum(["complete", "resume"])
    .optional()
    .describe("complete: the step ends with the wait; resume: it is dispatched again, same attempt. Default complete"),
  name: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe("The checkpoint that keeps how the wait ended; resume needs one"),
};
const RESUME_NEEDS_NAME = { error: "resume needs a name", path: ["name"] };
function hasNameToResume({ then, name }: { then?: string | undefined; name?: string | undefined }): boolean {
  return then !== "resume" || name !== undefined;
}

export const sleepDirectiveSchema = z
  .strictObject({ durationMs: z.int().min(0), ...directive })
  .refine(hasNameToResume, RESUME_NEEDS_NAME);

export const approvalDirectiveSchema = z
  .strictObject({
    title: z.string().max(4096).optional(),
    description: z.string().max(4096).optional(),
    form: z
      .union([z.boolean(), z.record(z.string(), valueSchema)])
      .optional()
      .describe("JSON Schema of the answer's data"),
    assignees: z.array(z.string().min(1).max(256)).max(100).optional(),
    timeoutMs: z.int().min(0).optional().describe("Default: none"),
    ...directive,
  })
  .refine(hasNameToResume, RESUME_NEEDS_NAME);

/** A result's own fields are checked one by one where it is judged, so that one bad result spares its batch. */
export const taskResultSchema = z.strictObject({
  taskId: taskIdSchema,
  leaseToken: leaseTokenSchema,
  status: z.enum(["completed", "failed", "sleep", "approval"]),
  output: valueSchema.optional(),
  port: nameSchema.optional(),
  error: errorSchema.partial({ code: true, message: true }).optional(),
  sleep: sleepDirectiveSchema.optional().describe("Of the status sleep"),
  approval: approvalDirectiveSchema.optional().describe("Of the status approval"),
  ...noted,
});
export type ReceivedResult = z.infer<typeof taskResultSchema>;
export type TaskResult = Omit<ReceivedResult, keyof Noted> & Noted;

export const pollSchema = z.strictObject({
  requestId: z.string().min(1).max(100).optional(),
  capacity: z.int().min(0).max(POLL_CAPACITY_MAX),
  waitMs: z.int().min(0).optional().describe("How long to wait for a task; capped at 30,000; default 0"),
  results: z
    .array(judgedApart(taskResultSchema))
    .max(POLL_CAPACITY_MAX)
    .optional()
    .describe("Each is judged by itself"),
});
/** As it arrives: what each result is made of is not known yet. */
export type ReceivedPoll = z.infer<typeof pollSchema>;
export type Poll = Omit<z.infer<typeof pollSchema>, "results"> & { results?: TaskResult[] };

export const taskSchema = z.object({
  taskId: z.string(),
  leaseToken: z.string(),
  leaseExpiresAt: instantSchema,
  executionId: z.string(),
  workflow: z.string(),
  version: z.int(),
  node: z.string(),
  iteration: z.int(),
  index: z.array(z.int()).optional(),
  attempt: z.int(),
  round: z.int().optional().describe("Of a step that polls"),
  idempotencyKey: z.string().describe("The same for all attempts of one step (of one round, where it polls)"),
  task: z.string(),
  queue: z.string(),
  input: z.json(),
  context: z.object({
    input: z.json(),
    tags: z.array(z.string()),
    correlationId: z.string().nullable(),
    startedAt: instantSchema,
  }),
  resumed: z.json().optional().describe("{kind, name, carried, …}: how the wait that the handler last asked for ended"),
  checkpoints: z
    .array(checkpointSchema)
    .optional()
    .describe("What earlier tasks of this step (of this round, where it polls) noted down, in the order it came"),
  heartbeatDetails: z.json().optional().describe("What the last heartbeat of an earlier attempt carried"),
  attemptTimeoutMs: z.int().optional().describe("How long after its lease the attempt is over; absent: no such limit"),
  traceparent: z.string().optional().describe("W3C trace context of this dispatch, where the server writes traces"),
});
export type Task = z.infer<typeof taskSchema>;

export const ackSchema = z.object({
  taskId: z.string(),
  status: z.enum(["accepted", "duplicate", "stale", "rejected"]),
  code: z.string().optional().describe("Why it was rejected; of an accepted result, why its logs could not be kept"),
});
export type Ack = z.infer<typeof ackSchema>;

export const pollAnswerSchema = z.object({ acks: z.array(ackSchema), tasks: z.array(taskSchema) });
export type PollAnswer = z.infer<typeof pollAnswerSchema>;

export const completeTaskSchema = z.strictObject({
  leaseToken: leaseTokenSchema,
  output: valueSchema.optional(),
  port: nameSchema.optional(),
  ...noted,
});
export type CompleteTask = z.infer<typeof completeTaskSchema>;
export const failTaskSchema = z.strictObject({
  leaseToken: leaseTokenSchema,
  error: errorSchema.partial({ code: true, message: true }),
  ...noted,
});
export type FailTask = z.infer<typeof failTaskSchema>;
export const heartbeatTaskSchema = z.strictObject(running);
export type HeartbeatTask = z.infer<typeof heartbeatTaskSchema>;

export const workerSchema = z.object({
  workerId: z.string(),
  name: z.string().nullable(),
  queues: z.array(z.string()),
  tasks: z.array(z.string()),
  language: z.string(),
  sdkVersion: z.string(),
  capacity: z.int(),
  running: z.int(),
  state: z.enum(["online", "draining", "offline"]),
  lastSeenAt: instantSchema,
  registeredAt: instantSchema,
  metadata: z.record(z.string(), z.json()),
});
export type Worker = z.infer<typeof workerSchema>;

export const queueSchema = z.object({
  name: z.string(),
  ready: z.int(),
  running: z.int(),
  delayed: z.int(),
  oldestReadyAt: instantSchema.nullable(),
  workers: z.int(),
  ratePerMinute: z.int().describe("Tasks that ended in the last minute"),
});
export type Queue = z.infer<typeof queueSchema>;
