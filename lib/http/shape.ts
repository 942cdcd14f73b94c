/** Checks a value against its schema and says everything that is wrong with it at once. */
import type { z } from "zod";
import { shapeErrors } from "@/lib/contract/shape-errors";
import { done, type Outcome, refused } from "@/lib/engine/outcome";

/** @param what names the checked part in the refusal: "body" or "query" */
export function checkShape<T>(schema: z.ZodType<T>, value: unknown, what: string): Outcome<T> {
  const result = schema.safeParse(value);
  if (result.success) return done(result.data);
  return refused("INVALID_REQUEST", `The ${what} does not have the right shape.`, {
    errors: shapeErrors(result.error),
  });
}
