/** Counts what was tried, for all processes of an installation together. */
import type { Query } from "@/db/queries/query";

/** Epoch milliseconds: when the window began that `count` attempts fell in, this one among them. */
export interface AttemptRow {
  count: number;
  since: bigint;
}

/** One statement: of attempts that come at once, each gets a number of its own. A window begins with its first attempt. */
export function countAttempt(key: string, windowMs: number, now: number): Query<AttemptRow> {
  return {
    name: "count-attempt",
    text: `insert into attempt_counts as a (id, key, count, last_request) values (gen_random_uuid()::text, $1, 1, $2)
      on conflict (key) do update set
        count = case when a.last_request + $3::bigint <= $2 then 1 else a.count + 1 end,
        last_request = case when a.last_request + $3::bigint <= $2 then $2 else a.last_request end
      returning count, last_request as since`,
    values: [key, now, windowMs],
  };
}

export function forgetAttempts(key: string): Query<never> {
  return { name: "forget-attempts", text: "delete from attempt_counts where key = $1", values: [key] };
}

export function forgetAttemptsBefore(instant: number): Query<never> {
  return {
    name: "forget-attempts-before",
    text: "delete from attempt_counts where last_request < $1",
    values: [instant],
  };
}
