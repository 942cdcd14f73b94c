/** Gives a key a successor with the same rights; both secrets work until the overlap is over. */
import { addApiKey, apiKeySuccessor, lockApiKey } from "@/db/queries/api-keys";
import { firstRow } from "@/db/queries/query";
import { letKeyExpire } from "@/db/stores/api-keys";
import { inTransaction } from "@/db/transaction";
import { hashSecret, newApiKeySecret, visiblePrefix } from "@/lib/auth/api-keys";
import { decodeId, encodeId } from "@/lib/contract/ids";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import type { MadeApiKey } from "./create-api-key";
import type { Note, TenancyServices } from "./services";

/**
 * The successor ends when its predecessor would have ended, so that rotating makes no key live longer than it was meant to.
 * A key that has ended, or has a successor already, is refused as API_KEY_CLOSED.
 */
export async function rotateApiKey(
  { db, clock, keys }: TenancyServices,
  caller: Member,
  id: string,
  overlapMs: number,
  note: Note,
): Promise<Outcome<MadeApiKey>> {
  const key = decodeId("apiKey", id);
  if (key === null) return refused("API_KEY_NOT_FOUND");
  return inTransaction(db, async (transaction) => {
    const old = await firstRow(transaction, lockApiKey(caller.organisationId, key));
    const now = clock.now();
    if (old === null) return refused("API_KEY_NOT_FOUND");
    if (old.revokedAt !== null) return refused("API_KEY_CLOSED", "It is revoked.");
    const isReplaced = (await firstRow(transaction, apiKeySuccessor(old.namespaceId, key))) !== null;
    if (isReplaced) return refused("API_KEY_CLOSED", "It was rotated before.");
    if (old.expiresAt !== null && old.expiresAt.getTime() <= now) return refused("API_KEY_CLOSED", "It has expired.");
    const secret = newApiKeySecret();
    const successor = keys.next();
    await transaction.query(
      addApiKey({
        ...old,
        id: successor,
        prefix: visiblePrefix(secret),
        hash: hashSecret(secret),
        createdAt: new Date(now),
        createdBy: caller.actor,
        replaces: key,
      }),
    );
    await letKeyExpire(transaction, key, new Date(now + overlapMs));
    const made = { id: encodeId("apiKey", successor), secret };
    await note.within(transaction, { details: { successor: made.id, overlapMs } });
    return done(made);
  });
}
