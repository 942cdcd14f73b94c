/** The header by which a caller may repeat a start without starting twice. */
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { WireRequest } from "@/lib/http/wire";

/** Printable ASCII, as every header value can carry it. */
const KEY = /^[\x20-\x7e]{1,256}$/;

export function idempotencyKeyOf(request: WireRequest): Outcome<string | undefined> {
  const key = request.header("idempotency-key");
  if (key === undefined || KEY.test(key)) return done(key);
  return refused("INVALID_REQUEST", "Idempotency-Key must be 1 to 256 printable ASCII characters.");
}
