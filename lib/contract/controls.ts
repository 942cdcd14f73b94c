/** Controlling an execution over the API: what each call takes, and what it would do before it is done. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { executionStatusSchema, stepStatusSchema, waitingForSchema } from "./executions";

const reasonSchema = z.string().max(2000).optional();

/** What every control answers: the status that its command left behind. */
export const controlledSchema = z.object({ id: z.string(), status: executionStatusSchema });
export type Controlled = z.infer<typeof controlledSchema>;

export const cancelExecutionSchema = z.strictObject({
  reason: reasonSchema,
  compensate: z.boolean().optional().describe("Undoes completed steps before it closes; default false"),
});
export type CancelExecution = z.infer<typeof cancelExecutionSchema>;

/** Of terminate, pause and resume. */
export const controlExecutionSchema = z.strictObject({ reason: reasonSchema });
export type ControlExecution = z.infer<typeof controlExecutionSchema>;

export const retryExecutionSchema = z
  .strictObject({
    fromNode: nameSchema.optional().describe("That node and all after it run anew; default: what failed goes on"),
    input: z.json().optional().describe("What expressions see as `input` from then on; only with `fromNode`"),
    reason: reasonSchema,
  })
  .refine(({ fromNode, input }) => input === undefined || fromNode !== undefined, {
    error: "may be given only together with fromNode",
    path: ["input"],
  });
export type RetryExecution = z.infer<typeof retryExecutionSchema>;

const OVERRIDES_MAX = 1000;

export const forkExecutionSchema = z.strictObject({
  at: z
    .int()
    .min(1)
    .describe("Copies up to the end of the command that wrote this sequence, or the one before a close"),
  input: z.json().optional().describe("What expressions see as `input` from then on"),
  version: z.int().min(1).optional().describe("Default: the one it has"),
  overrides: z
    .record(nameSchema, z.strictObject({ output: z.json() }))
    .refine((overrides) => Object.keys(overrides).length <= OVERRIDES_MAX, `may name ${OVERRIDES_MAX} nodes`)
    .optional()
    .describe("Other outputs for completed steps outside maps, by node"),
  reason: reasonSchema,
});
export type ForkExecution = z.infer<typeof forkExecutionSchema>;

/** Of a signal: any text, for a node may compute the name that it waits for. */
export const signalNameSchema = z.string().min(1).max(256);

export const sendSignalSchema = z.strictObject({ payload: z.json().optional().describe("Default null") });
export type SendSignal = z.infer<typeof sendSignalSchema>;

const place = {
  node: z.string(),
  iteration: z.int(),
  index: z.array(z.int()).optional(),
};
/** What a retry or a fork would do, step by step; asking again without `dryRun` does just that. */
export const executionPlanSchema = z.object({
  workflow: z.string(),
  version: z.int(),
  hash: z.string(),
  kept: z.array(z.object({ ...place, status: stepStatusSchema })).describe("Steps that stay ended as they are"),
  keptTotal: z.int(),
  runsAgain: z
    .array(
      z.object({
        ...place,
        idempotencyKey: z.string().nullable().describe("null: made with the new execution"),
      }),
    )
    .describe("Steps that are activated anew, in the iteration that they will have"),
  runsAgainTotal: z.int(),
});
export type ExecutionPlan = z.infer<typeof executionPlanSchema>;

export const explanationSchema = z.object({
  status: executionStatusSchema,
  sentence: z.string().describe("Why it is where it is: what it waits for, since when, until when"),
  items: z.array(
    waitingForSchema.extend({
      sentence: z.string(),
      workers: z.int().optional().describe("Of a task that nobody has taken: live workers that could"),
    }),
  ),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** What no history tells about a task that an open step waits for. */
export interface TaskFacts {
  queue: string;
  task: string;
  /** RFC 3339, as are all times here. */
  readyAt: string;
  /** Who has it; null: nobody yet. */
  leased: { worker: string; since: string } | null;
  /** Live workers that run this task on this queue. */
  workers: number;
  /** When any worker that runs this task on this queue was last heard of; null: none is known. */
  lastSeenAt: string | null;
  /** Ready tasks of its queue that come before it; counted up to a thousand. */
  ahead: number;
  /** What keeps it back although a worker could take it. */
  limit: TaskLimit | null;
}
export type TaskLimit =
  /** Tasks of its queue with the same key: `running` of at most `most` are out, `ahead` wait before it. */
  | { kind: "concurrency"; key: string; running: number; most: number; ahead: number }
  /** The queue gives out no more than so many tasks in so long, or so many of one key. */
  | { kind: "rate"; key?: string; most: number; perMs: number }
  | { kind: "queue-paused" };

/** By task id. */
export type FactsByTask = ReadonlyMap<string, TaskFacts>;
