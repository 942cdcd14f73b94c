/** Checks a value against its schema and says everything that is wrong with it at once. */
import type { z } from "zod";
import { done, type Outcome, type Refusal, refused } from "@/lib/engine/outcome";

type ShapeError = NonNullable<Refusal["errors"]>[number];

/** More would only be noise, and an answer as large as the request. */
const MAX_ERRORS = 100;

/** @param what names the checked part in the refusal: "body" or "query" */
export function checkShape<T>(schema: z.ZodType<T>, value: unknown, what: string): Outcome<T> {
  const result = schema.safeParse(value);
  if (result.success) return done(result.data);
  return refused("INVALID_REQUEST", `The ${what} does not have the right shape.`, {
    errors: shapeErrors(result.error),
  });
}

export function shapeErrors(error: z.ZodError): ShapeError[] {
  return error.issues.flatMap(issueErrors).slice(0, MAX_ERRORS);
}

function issueErrors(issue: z.core.$ZodIssue): ShapeError[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: pointer([...issue.path, key]),
      code: "UNKNOWN_FIELD",
      message: "There is no such field",
    }));
  return [{ path: pointer(issue.path), code: issue.code.toUpperCase(), message: issue.message }];
}

/** RFC 6901; the empty pointer is the whole value. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
