/** What a queue may give out. */
import { z } from "zod";

const rateSchema = z
  .strictObject({
    limit: z.int().min(1).max(1_000_000).describe("So many tasks"),
    perMs: z.int().min(100).max(86_400_000).describe("in so many milliseconds; saved up to the limit"),
  })
  .nullable();

export const queueLimitsSchema = z.strictObject({
  paused: z.boolean().default(false).describe("Gives out no tasks; what workers have goes on"),
  rate: rateSchema.default(null).describe("Of the whole queue; null: as many as workers ask for"),
  keyRate: rateSchema.default(null).describe("Of each concurrency key by itself"),
});
export type QueueLimits = z.output<typeof queueLimitsSchema>;
