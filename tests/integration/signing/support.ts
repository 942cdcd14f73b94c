// What somebody with the database in their hands could do: change events and compute every head anew.
import type { Pool } from "@/db/client";
import { readEvents } from "@/db/stores/histories";
import { toHistoryEvent } from "@/lib/engine/door/event-store";
import { firstHead, nextHead } from "@/lib/engine/door/hash-chain";

/** The head that the stored events lead to. */
export async function headOf(db: Pool, id: bigint): Promise<Buffer> {
  const events = (await readEvents(db, id, 0, 10_000)).map(toHistoryEvent);
  return events.reduce(nextHead, firstHead(id));
}

/** Writes that head wherever heads are stored without a signature. */
export async function coverUp(db: Pool, id: bigint): Promise<Buffer> {
  const head = await headOf(db, id);
  await db.query("update executions set head = $2 where id = $1", [id, head]);
  await db.query("update snapshots set head = $2 where execution_id = $1", [id, head]);
  return head;
}
