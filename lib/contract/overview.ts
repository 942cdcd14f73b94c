/** What needs somebody's attention in a namespace, and whether anything was ever done in it. */
import { z } from "zod";
import { dueApprovalSchema } from "./approvals";
import { deadLetterGroupSchema } from "./dead-letters";
import { executionStatusSchema } from "./executions";
import { instantSchema } from "./history";
import { scheduleSchema } from "./schedules";

/** Of each kind; the totals say how many more there are. */
export const OVERVIEW_ITEMS = 5;
/** Where counting stops. */
export const OVERVIEW_COUNTED = 1_000;

const total = z.int().describe(`Counted up to ${OVERVIEW_COUNTED}`);

export const stuckExecutionSchema = z.object({
  executionId: z.string(),
  key: z.string().nullable(),
  workflow: z.string(),
  status: executionStatusSchema,
  since: instantSchema.describe("Since when nothing happens"),
  sentence: z.string().describe("Why"),
});
export type StuckExecution = z.infer<typeof stuckExecutionSchema>;

export const troubledQueueSchema = z.object({
  name: z.string(),
  ready: z.int(),
  oldestReadyAt: instantSchema.nullable(),
  workers: z.int().describe("Online ones that poll it"),
  paused: z.boolean(),
});
export type TroubledQueue = z.infer<typeof troubledQueueSchema>;

export const overviewSchema = z.object({
  failures: z.object({
    open: z.int().describe(`Open dead letters, counted up to ${OVERVIEW_COUNTED}`),
    groups: z.array(deadLetterGroupSchema).max(OVERVIEW_ITEMS).describe("With the latest failure first"),
  }),
  stuck: z.object({ total, items: z.array(stuckExecutionSchema).max(OVERVIEW_ITEMS).describe("Stuck longest first") }),
  approvals: z.object({
    pending: total,
    overdueSoon: z.int().describe("Of the pending ones, those that expire within a day"),
    items: z.array(dueApprovalSchema).max(OVERVIEW_ITEMS).describe("Soonest due first, then the oldest"),
  }),
  queues: z.array(troubledQueueSchema).describe("With ready tasks that no worker takes, or paused; at most 20"),
  schedules: z
    .array(scheduleSchema.pick({ id: true, name: true, lastError: true }))
    .describe("Those whose last run could not be started, at most 20"),
  counts: z.partialRecord(executionStatusSchema, z.int()).describe("Executions by status"),
  hasWorkflows: z.boolean(),
  hasWorkers: z.boolean(),
  hasExecutions: z.boolean(),
});
export type Overview = z.infer<typeof overviewSchema>;
