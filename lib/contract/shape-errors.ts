/** What a schema found wrong with a value, as problems say it. */
import type { z } from "zod";

export interface ShapeError {
  /** RFC 6901; the empty pointer is the whole value. */
  path: string;
  code: string;
  message: string;
}

/** More would only be noise, and an answer as large as the request. */
const MAX_ERRORS = 100;

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

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
