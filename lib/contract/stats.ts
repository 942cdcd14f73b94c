/** How the executions of a window of time went: how many started, how they closed, how long they took. */
import { z } from "zod";
import { instantSchema } from "./history";

export const STATS_WINDOWS = ["1h", "24h", "7d", "30d"] as const;
export const statsWindowSchema = z.enum(STATS_WINDOWS);
export type StatsWindow = z.infer<typeof statsWindowSchema>;

const flow = {
  started: z.int().describe("Executions that were made, whenever they began to run"),
  completed: z.int(),
  failed: z.int().describe("Those that timed out, too"),
  cancelled: z.int().describe("Those that were terminated, too"),
  p50Ms: z.int().nullable().describe("From start to close, of those that closed; null where none did"),
  p95Ms: z.int().nullable(),
};
export const flowSchema = z.object(flow);
export type Flow = z.infer<typeof flowSchema>;

export const statsSchema = z.object({
  window: statsWindowSchema,
  from: instantSchema,
  to: instantSchema,
  bucketMs: z.int(),
  buckets: z.array(z.object({ at: instantSchema.describe("Its begin"), ...flow })).describe("In order, without a gap"),
  totals: flowSchema,
  previous: flowSchema.describe("Of the window before this one"),
  workflows: z
    .array(z.object({ workflow: z.string(), completed: z.int(), failed: z.int(), p95Ms: z.int().nullable() }))
    .describe("Those that closed most often, at most 20"),
  estimated: z
    .boolean()
    .describe(
      "A bucket had so many that its newest stand for all: percentiles and numbers by workflow are close, not exact",
    ),
});
export type Stats = z.infer<typeof statsSchema>;
