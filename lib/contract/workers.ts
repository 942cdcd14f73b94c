/** The worker protocol: how a worker registers, is given tasks, reports and stays alive. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { errorSchema, instantSchema } from "./history";
import { POLL_CAPACITY_MAX } from "./limits";

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

export const heartbeatSchema = z.strictObject({
  running: z
    .array(z.strictObject({ taskId: taskIdSchema, leaseToken: leaseTokenSchema, details: z.json().optional() }))
    .max(POLL_CAPACITY_MAX * 2),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

export const workerCommandSchema = z.object({ type: z.enum(["cancel", "drain"]), taskId: z.string().optional() });
export const heartbeatAnswerSchema = z.object({
  commands: z.array(workerCommandSchema),
  acks: z.array(
    z.object({
      taskId: z.string(),
      status: z.enum(["ok", "stale"]),
      code: z.string().optional().describe("Why the details could not be kept; the lease was renewed all the same"),
    }),
  ),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswerSchema>;

/** A result's own fields are checked one by one where it is judged, so that one bad result spares its batch. */
export const taskResultSchema = z.strictObject({
  taskId: taskIdSchema,
  leaseToken: leaseTokenSchema,
  status: z.enum(["completed", "failed"]),
  output: z.json().optional(),
  port: nameSchema.optional(),
  error: errorSchema.partial({ code: true, message: true }).optional(),
});
export type TaskResult = z.infer<typeof taskResultSchema>;

export const pollSchema = z.strictObject({
  requestId: z.string().min(1).max(100).optional(),
  capacity: z.int().min(0).max(POLL_CAPACITY_MAX),
  waitMs: z.int().min(0).optional().describe("How long to wait for a task; capped at 30,000; default 0"),
  results: z.array(z.unknown()).max(POLL_CAPACITY_MAX).optional().describe("Task results; each is judged by itself"),
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
  idempotencyKey: z.string().describe("The same for all attempts of one step"),
  task: z.string(),
  queue: z.string(),
  input: z.json(),
  context: z.object({
    input: z.json(),
    tags: z.array(z.string()),
    correlationId: z.string().nullable(),
    startedAt: instantSchema,
  }),
  heartbeatDetails: z.json().optional().describe("What the last heartbeat of an earlier attempt carried"),
});
export type Task = z.infer<typeof taskSchema>;

export const ackSchema = z.object({
  taskId: z.string(),
  status: z.enum(["accepted", "duplicate", "stale", "rejected"]),
  code: z.string().optional(),
});
export type Ack = z.infer<typeof ackSchema>;

export const pollAnswerSchema = z.object({ acks: z.array(ackSchema), tasks: z.array(taskSchema) });
export type PollAnswer = z.infer<typeof pollAnswerSchema>;

export const completeTaskSchema = z.strictObject({
  leaseToken: leaseTokenSchema,
  output: z.json().optional(),
  port: nameSchema.optional(),
});
export type CompleteTask = z.infer<typeof completeTaskSchema>;
export const failTaskSchema = z.strictObject({
  leaseToken: leaseTokenSchema,
  error: errorSchema.partial({ code: true, message: true }),
});
export type FailTask = z.infer<typeof failTaskSchema>;
export const heartbeatTaskSchema = z.strictObject({ leaseToken: leaseTokenSchema, details: z.json().optional() });
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
