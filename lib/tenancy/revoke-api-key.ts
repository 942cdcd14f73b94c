/** Ends a key for good; its row stays, so that who still tries it can be named. */
import { lockApiKey } from "@/db/queries/api-keys";
import { firstRow } from "@/db/queries/query";
import { markKeyRevoked } from "@/db/stores/api-keys";
import { inTransaction } from "@/db/transaction";
import { decodeId } from "@/lib/contract/ids";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import type { Note, TenancyServices } from "./services";

/** One that is revoked already stays as it is. */
export async function revokeApiKey(
  { db, clock }: TenancyServices,
  { organisationId }: Member,
  id: string,
  note: Note,
): Promise<Outcome<null>> {
  const key = decodeId("apiKey", id);
  if (key === null) return refused("API_KEY_NOT_FOUND");
  return inTransaction(db, async (transaction) => {
    const row = await firstRow(transaction, lockApiKey(organisationId, key));
    if (row === null) return refused("API_KEY_NOT_FOUND");
    if (row.revokedAt !== null) {
      note.nothing();
      return done(null);
    }
    await markKeyRevoked(transaction, key, new Date(clock.now()));
    await note.within(transaction, { details: { name: row.name, namespace: row.namespace } });
    return done(null);
  });
}
