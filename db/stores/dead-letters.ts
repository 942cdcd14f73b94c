/** What people change of dead letters; that one was retried is written by the flush that retries its execution. */
import { aboutDeadLetter } from "@/db/queries/dead-letters";
import type { Queryable } from "../client";
import { payloadsOf, sealText } from "../sealed-payloads";

/**
 * An open one becomes resolved; false where it is not open, or not in the namespace.
 * @param notify what is told to all processes once that is committed
 */
export async function resolveDeadLetter(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  resolved: { by: string; at: Date; note: string | null },
  notify: string,
): Promise<boolean> {
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  const note = resolved.note && sealText(payloads, resolved.note, aboutDeadLetter(namespaceId, id, "note"));
  const { rowCount } = await db.query({
    name: "resolve-dead-letter",
    text: `with resolved as (
             update dead_letters set status = 'resolved', resolved_by = $3, resolved_at = $4, note = $5
             where id = $2 and namespace_id = $1 and status = 'open' returning 1
           )
           select pg_notify('cerebelum', $6) from resolved`,
    values: [namespaceId, id, resolved.by, resolved.at, note, notify],
  });
  return rowCount === 1;
}
