/** Makes an API key; its secret is known to whoever asked for it alone, and is answered only once. */
import { addApiKey } from "@/db/queries/api-keys";
import { inTransaction } from "@/db/transaction";
import { hashSecret, newApiKeySecret, visiblePrefix } from "@/lib/auth/api-keys";
import type { CreateApiKey } from "@/lib/contract/api-keys";
import { encodeId } from "@/lib/contract/ids";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import { namespaceOf } from "./namespace-of";
import type { Note, TenancyServices } from "./services";

export interface MadeApiKey {
  id: string;
  secret: string;
}

export async function createApiKey(
  { db, clock, keys }: TenancyServices,
  caller: Member,
  { name, scopes, expiresAt, queues, workflows, namespace }: CreateApiKey,
  note: Note,
): Promise<Outcome<MadeApiKey>> {
  const now = clock.now();
  const ends = expiresAt == null ? null : new Date(expiresAt);
  if (ends !== null && ends.getTime() <= now)
    return refused("INVALID_REQUEST", undefined, { errors: [{ ...PAST, path: "/expiresAt" }] });
  const found = await namespaceOf(db, caller, namespace);
  if (!found.ok) return found;
  const secret = newApiKeySecret();
  const key = keys.next();
  const id = encodeId("apiKey", key);
  const limits = { queues: distinct(queues), workflows: distinct(workflows) };
  return inTransaction(db, async (transaction) => {
    await transaction.query(
      addApiKey({
        id: key,
        namespaceId: found.value.id,
        name,
        prefix: visiblePrefix(secret),
        hash: hashSecret(secret),
        scopes: [...new Set(scopes)],
        createdAt: new Date(now),
        createdBy: caller.actor,
        expiresAt: ends,
        ...limits,
      }),
    );
    const details = { name, scopes, namespace: found.value.name, expiresAt: ends?.toISOString() ?? null, ...limits };
    await note.within(transaction, { target: id, details });
    return done({ id, secret });
  });
}

const PAST = { code: "PAST", message: "must lie in the future" };

function distinct(names: readonly string[] | undefined): string[] | null {
  return names === undefined ? null : [...new Set(names)];
}
