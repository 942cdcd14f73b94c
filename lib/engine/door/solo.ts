/**
 * Writing one execution in a transaction of its own, for when others keep getting in between: take its row with a lock
 * time-out, read what the state lacks, decide under the lock, write.
 */
import type { Pool } from "@/db/client";
import { type FlushAnswer, type FlushRows, flush } from "@/db/stores/flush";
import { lockExecution } from "@/db/stores/histories";
import type { Draft } from "./draft";
import type { UnfoldableHistory } from "./event-store";
import { flushFailure } from "./flush-errors";
import type { Folded } from "./folded";
import type { States } from "./states";

const LOCK_TIMEOUT_MS = 2_000;

export interface SoloWrite {
  pool: Pool;
  states: States;
  id: bigint;
  /** null: everything could be answered without writing. */
  draft(folded: Folded | UnfoldableHistory | undefined): Promise<Draft | null>;
  rows(draft: Draft): FlushRows;
  now(): string;
  leaseMs: number;
  settle(draft: Draft, answer: FlushAnswer): void;
}

/** Throws what SQL throws: 55P03 where the row was held for longer than the lock time-out. */
export async function writeSolo({ pool, states, id, draft, rows, now, leaseMs, settle }: SoloWrite): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    await lockExecution(client, id, LOCK_TIMEOUT_MS);
    const drafted = await draft((await states.store.load([id], client)).get(id));
    const answer = drafted === null ? null : await flush(client, now(), leaseMs, rows(drafted));
    await client.query("commit");
    broken = false;
    if (drafted !== null && answer !== null) settle(drafted, answer);
  } catch (error) {
    if (flushFailure(error) !== "unknown") {
      await client.query("rollback");
      broken = false;
    }
    throw error;
  } finally {
    client.release(broken);
  }
}
