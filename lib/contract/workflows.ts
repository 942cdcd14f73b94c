/** Publishing, validating and reading workflows over the API. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { findingSchema } from "./findings";
import { instantSchema } from "./history";

/** The definition is checked by the validator, not here: it answers all findings at once. */
export const validateWorkflowSchema = z.strictObject({ definition: z.unknown() });

export const publishWorkflowSchema = validateWorkflowSchema.extend({
  note: z.string().max(4096).optional().describe("What is new in it; kept with a version that is new"),
});

export const workflowPublishedSchema = z.object({
  name: z.string(),
  version: z.int(),
  hash: z.string(),
  warnings: z.array(findingSchema),
});
export type WorkflowPublished = z.infer<typeof workflowPublishedSchema>;

export const validationSchema = z.object({
  valid: z.boolean(),
  errors: z.array(findingSchema),
  warnings: z.array(findingSchema),
});

export const workflowSchema = z.object({
  name: z.string(),
  description: z.string().nullable(),
  version: z.int().describe("The latest"),
  hash: z.string(),
  publishedAt: instantSchema,
  publishedBy: z.string(),
  counts: z.record(z.string(), z.int()).describe("Executions by status; statuses without any are left out"),
});
export type Workflow = z.infer<typeof workflowSchema>;

export const workflowDetailSchema = workflowSchema.extend({
  versions: z.array(
    z.object({
      version: z.int(),
      hash: z.string(),
      publishedAt: instantSchema,
      publishedBy: z.string(),
      note: z.string().nullable(),
    }),
  ),
});
export type WorkflowDetail = z.infer<typeof workflowDetailSchema>;

export const workflowVersionSchema = z.object({
  name: nameSchema,
  version: z.int(),
  hash: z.string(),
  definition: z.record(z.string(), z.json()),
  publishedAt: instantSchema,
  publishedBy: z.string(),
  note: z.string().nullable().describe("What its publisher said of it"),
});
export type WorkflowVersion = z.infer<typeof workflowVersionSchema>;
