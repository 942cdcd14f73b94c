/** What an operation acts on: how those of its filter are found, newest first, and what is done to one of them. */
import type { Queryable } from "@/db/client";
import type { OperationRow } from "@/db/stores/operations";
import type { Clock } from "@/lib/clock";
import type { Operation } from "@/lib/contract/operations";
import { Busy, type Door, OutcomeUnknown } from "../door/door";
import type { PayloadLimit } from "../limits/limits";
import { type Outcome, type Refusal, refused } from "../outcome";
import { NoSlot } from "../process/keys";

export interface OperationPorts {
  db: Queryable;
  door: Door;
  clock: Clock;
  limits?: PayloadLimit;
}

export type ItemError = Operation["errors"][number];

export interface Subject {
  /** How many the next page of its filter has, and the last of them; `before`: the last of the page before. */
  count(
    db: Queryable,
    operation: OperationRow,
    before: bigint | null,
    limit: number,
  ): Promise<{ found: number; last: bigint | null }>;
  page(db: Queryable, operation: OperationRow, before: bigint | null, limit: number): Promise<bigint[]>;
  /** null where it was done, now or by an earlier turn. Throws where the database is away: the page is tried again. */
  act(ports: OperationPorts, operation: OperationRow, id: bigint): Promise<ItemError | null>;
}

/** What becomes of one item must not keep the others from their turn. */
export async function judgedAlone(work: Promise<Outcome<unknown>>): Promise<{ ok: true } | Refusal> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OutcomeUnknown || error instanceof NoSlot) throw error;
    return refused(error instanceof Busy ? "BUSY" : "INTERNAL");
  }
}
