/** What a failed flush means for the commands in it. */

/**
 * `unknown`: the connection went while the commit may have happened. `collided`: rolled back because of others (deadlock,
 * lock time-out); worth deciding again. `refused`: rolled back because of something in it; split to find what.
 */
export type FlushFailure = "unknown" | "collided" | "refused";

const COLLISIONS = new Set(["40001", "40P01", "55P03"]);
/** Connection exceptions, operator intervention (shutdown, terminated backend), and resources that ran out. */
const NOT_ITS_FAULT = /^(08|57|53)/;

export function flushFailure(error: unknown): FlushFailure {
  const code = sqlState(error);
  if (code === null || NOT_ITS_FAULT.test(code)) return "unknown";
  return COLLISIONS.has(code) ? "collided" : "refused";
}

/** Five characters of SQLSTATE, or null where the error is not PostgreSQL's own: a socket's, a driver's. */
export function sqlState(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
