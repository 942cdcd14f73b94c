/** Dead letters: steps whose failure an execution failed by, kept until somebody retries or resolves them. */
import { z } from "zod";
import { errorSchema, instantSchema, valueRefSchema } from "./history";
import { OPERATION_IDS_MAX } from "./operations";

export const DEAD_LETTER_STATUSES = ["open", "retried", "resolved"] as const;
export const deadLetterStatusSchema = z.enum(DEAD_LETTER_STATUSES);
export type DeadLetterStatus = z.infer<typeof deadLetterStatusSchema>;

export const deadLetterSchema = z.object({
  id: z.string(),
  executionId: z.string(),
  workflow: z.string(),
  version: z.int(),
  node: z.string(),
  iteration: z.int(),
  index: z.array(z.int()).optional(),
  attempts: z.int(),
  error: errorSchema,
  fingerprint: z.string().describe("The same for failures that look alike"),
  status: deadLetterStatusSchema,
  createdAt: instantSchema,
  note: z.string().nullable(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** One failed attempt of the step. */
export const failedAttemptSchema = z.object({
  attempt: z.int(),
  at: instantSchema,
  error: errorSchema,
  worker: z.string().nullable(),
  queuedMs: z.int().nullable().describe("From dispatch to lease"),
  ranMs: z.int().nullable().describe("From lease to failure"),
});

export const deadLetterDetailSchema = deadLetterSchema.extend({
  input: z.json().describe("What the last attempt was given"),
  inputRef: valueRefSchema.optional().describe("Stands for an input too large for this page"),
  failures: z.array(failedAttemptSchema).describe("The latest attempts, oldest first, at most 100"),
});
export type DeadLetterDetail = z.infer<typeof deadLetterDetailSchema>;

export const deadLetterGroupSchema = z.object({
  fingerprint: z.string(),
  code: z.string(),
  message: z.string().describe("Of the latest"),
  workflows: z.array(z.string()),
  count: z.int().describe("Open ones"),
  firstSeenAt: instantSchema,
  lastSeenAt: instantSchema,
});
export type DeadLetterGroup = z.infer<typeof deadLetterGroupSchema>;

const noteSchema = z.string().min(1).max(2000);

export const retryDeadLetterSchema = z.strictObject({ reason: noteSchema.optional() });
export type RetryDeadLetter = z.infer<typeof retryDeadLetterSchema>;

export const resolveDeadLetterSchema = z.strictObject({ note: noteSchema.optional() });
export type ResolveDeadLetter = z.infer<typeof resolveDeadLetterSchema>;

export const deadLetterFilterSchema = z.strictObject({
  workflow: z.string().max(128).optional(),
  code: z.string().max(500).optional(),
  fingerprint: z.string().max(64).optional(),
});
export type DeadLetterFilter = z.infer<typeof deadLetterFilterSchema>;

const deadLetterActionSchema = z.enum(["retry", "resolve"]);
export type DeadLetterAction = z.infer<typeof deadLetterActionSchema>;

export const bulkDeadLettersSchema = z
  .strictObject({
    action: deadLetterActionSchema,
    ids: z.array(z.string().max(64)).min(1).max(OPERATION_IDS_MAX).optional(),
    filter: deadLetterFilterSchema.optional().describe("Open ones that match all of it; {} means every open one"),
    note: noteSchema.optional().describe("Kept with each: as the note of a resolved one, as the reason of a retry"),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
    error: "give either ids or filter",
    path: ["filter"],
  });
export type BulkDeadLetters = z.infer<typeof bulkDeadLettersSchema>;
