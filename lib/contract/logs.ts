/** What workers log while they run a step: kept beside the history, never in it, and capped. */
import { z } from "zod";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

const line = {
  at: z.iso.datetime({ offset: true }).describe("By the worker's clock"),
  level: z.enum(LOG_LEVELS),
  text: z.string(),
  fields: z.record(z.string(), z.json()).optional(),
};

export const logLineSchema = z.strictObject(line);
export type LogLine = z.infer<typeof logLineSchema>;
export const logsSchema = z.array(logLineSchema).describe("Kept apart from the history, and capped");

export const logItemSchema = z.object({
  ...line,
  truncated: z.boolean().optional().describe("The line was longer than is kept"),
  node: z.string(),
  iteration: z.int(),
  index: z.array(z.int()).optional(),
  attempt: z.int(),
  taskId: z.string(),
});
export type LogItem = z.infer<typeof logItemSchema>;

export const logPageSchema = z.object({
  items: z.array(logItemSchema).describe("In the order in which they came"),
  nextCursor: z.string().nullable(),
  dropped: z.int().describe("Lines of the execution that are gone, because newer ones took their place"),
});
export type LogPage = z.infer<typeof logPageSchema>;
