/** API keys end: revoked for good, or let to run out. */
import type { Queryable } from "../client";

export async function markKeyRevoked(db: Queryable, id: bigint, at: Date): Promise<void> {
  await db.query({
    name: "revoke-api-key",
    text: "update api_keys set revoked_at = $2 where id = $1 and revoked_at is null",
    values: [id, at],
  });
}

/** A key that ends sooner by itself stays as it is. */
export async function letKeyExpire(db: Queryable, id: bigint, at: Date): Promise<void> {
  await db.query({
    name: "let-api-key-expire",
    text: "update api_keys set expires_at = least(expires_at, $2) where id = $1",
    values: [id, at],
  });
}
