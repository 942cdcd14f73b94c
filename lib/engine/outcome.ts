/** What a use case answers: its value, or a refusal that could be expected. Bugs throw; refusals never do. */
import type { ProblemCode } from "@/lib/contract/problems";

export interface Refusal {
  ok: false;
  code: ProblemCode;
  /** One sentence for people; no payloads, no secrets, no SQL. */
  detail?: string;
  /** Every finding at once; `path` is a JSON pointer into what was sent. */
  errors?: { path: string; code: string; message: string }[];
  /** When trying again is worth while; becomes `Retry-After`. */
  retryAfterMs?: number;
}

export type Outcome<T> = { ok: true; value: T } | Refusal;

export function done<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function refused(code: ProblemCode, detail?: string, more?: Pick<Refusal, "errors" | "retryAfterMs">): Refusal {
  return { ok: false, code, detail, ...more };
}
