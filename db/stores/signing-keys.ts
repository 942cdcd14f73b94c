/** Writes the keys that histories are signed with: one is current, the others stay to check what they signed. */
import type { Queryable } from "../client";

export interface NewSigningKey {
  id: string;
  /** SPKI, DER. */
  publicKey: Buffer;
  /** PKCS #8, DER; null where it came from the environment and is kept there alone. */
  privateKey: Buffer | null;
}

/** Any number that nothing else locks: of processes that start at once, one after the other looks for the current key. */
const SIGNING_KEYS_LOCK = 7_310_585_140_011n;

/** Until the end of the transaction. */
export async function lockSigningKeys(transaction: Queryable): Promise<void> {
  await transaction.query("select pg_advisory_xact_lock($1)", [SIGNING_KEYS_LOCK]);
}

/** The private part (PKCS #8, DER) of the stored key in use; null where there is none. */
export async function currentSigningKey(db: Queryable): Promise<Buffer | null> {
  const { rows } = await db.query<{ privateKey: Buffer }>(
    `select private_key as "privateKey" from signing_keys where retired_at is null and private_key is not null
     order by created_at desc, id limit 1`,
  );
  return rows[0]?.privateKey ?? null;
}

/**
 * Written with the first key. Where there are executions already, a release that signs nothing may serve beside this one until
 * all its processes are replaced: what closes there within a day has no signature.
 */
async function keepDueFrom(transaction: Queryable, now: Date): Promise<void> {
  await transaction.query(
    `insert into instance_settings (name, value)
     select 'signatures-due-from',
       to_json($1::timestamptz + case when exists (select from executions) then interval '1 day' else interval '0' end) #>> '{}'
     where not exists (select from signing_keys)
     on conflict (name) do nothing`,
    [now],
  );
}

/** Makes it the current one and retires the others, whose stored private parts are gone then. Call under the lock. */
export async function adoptSigningKey(transaction: Queryable, key: NewSigningKey, now: Date): Promise<void> {
  await keepDueFrom(transaction, now);
  await transaction.query(
    `insert into signing_keys (id, public_key, private_key, created_at) values ($1, $2, $3, $4)
     on conflict (id) do update set retired_at = null, private_key = excluded.private_key`,
    [key.id, key.publicKey, key.privateKey, now],
  );
  await transaction.query(
    "update signing_keys set retired_at = $2, private_key = null where id <> $1 and retired_at is null",
    [key.id, now],
  );
}
