/** One action on many executions: asked for once, done in the background, counted as it goes. */
import { z } from "zod";
import { signalNameSchema } from "./controls";
import { executionFilterSchema, executionStatusSchema, statusesSchema } from "./executions";
import { instantSchema } from "./history";

export const OPERATION_IDS_MAX = 10_000;
/** An operation tells the first refusals; the count tells how many there were. */
export const OPERATION_ERRORS_MAX = 20;

const reason = { reason: z.string().max(2000).optional() };
const selection = {
  filter: executionFilterSchema
    .extend({ status: z.union([statusesSchema, z.array(executionStatusSchema).min(1)]).optional() })
    .refine((filter) => Object.keys(filter).length > 0, "must have a condition, or it would mean every execution")
    .optional(),
  ids: z.array(z.string().max(64)).min(1).max(OPERATION_IDS_MAX).optional(),
};

/** What is done to each, and to which: those of a filter that were there when it was asked, or those named. */
export const startOperationSchema = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("cancel"), ...selection, ...reason, compensate: z.boolean().optional() }),
    z.strictObject({ action: z.literal("terminate"), ...selection, ...reason }),
    z.strictObject({ action: z.literal("pause"), ...selection, ...reason }),
    z.strictObject({ action: z.literal("resume"), ...selection, ...reason }),
    z.strictObject({ action: z.literal("retry"), ...selection, ...reason }),
    z.strictObject({
      action: z.literal("signal"),
      ...selection,
      signal: signalNameSchema,
      payload: z.json().optional().describe("Default null"),
    }),
  ])
  .refine(({ filter, ids }) => (filter === undefined) !== (ids === undefined), "must have either a filter or ids");
export type StartOperation = z.output<typeof startOperationSchema>;
export type OperationAction = StartOperation["action"];

export const operationStartedSchema = z.object({ operationId: z.string() });
export type OperationStarted = z.infer<typeof operationStartedSchema>;

export const operationSchema = z.object({
  id: z.string(),
  action: z.string(),
  status: z.enum(["running", "done"]),
  total: z.int().describe("While it runs, as far as they were counted"),
  done: z.int(),
  failed: z.int(),
  errors: z
    .array(
      z.object({
        executionId: z.string().optional().describe("Absent where there is none"),
        deadLetterId: z.string().optional(),
        code: z.string(),
        message: z.string(),
      }),
    )
    .describe(`The first ${OPERATION_ERRORS_MAX}`),
  createdAt: instantSchema,
  createdBy: z.string(),
  closedAt: instantSchema.nullable(),
});
export type Operation = z.infer<typeof operationSchema>;
