/** The signatures of a history, and the public keys that all are checked with. */
import type { Query } from "@/db/queries/query";

export interface SignatureRow {
  sequence: number;
  keyId: string;
  /** In hex. */
  head: string;
  /** In hex. */
  signature: string;
}

/** One, `s`, as JSON. */
export const SIGNATURE = `json_build_object('sequence', s.sequence, 'keyId', s.key_id, 'head', encode(s.head, 'hex'),
  'signature', encode(s.signature, 'hex'))`;

/** In the order in which they were made. */
export function signaturesOf(executionId: bigint): Query<{ signature: SignatureRow }> {
  return {
    name: "signatures-of",
    text: `select ${SIGNATURE} as signature from history_signatures s where s.execution_id = $1 order by s.sequence`,
    values: [executionId],
  };
}

export interface SigningKeyRow {
  id: string;
  /** SPKI, DER. */
  publicKey: Buffer;
  createdAt: Date;
  retiredAt: Date | null;
  /** Since when no execution may close without a signature; the same for all keys. */
  dueFrom: Date;
}

/** Newest first. */
export function signingKeys(): Query<SigningKeyRow> {
  return {
    name: "signing-keys",
    text: `select id, public_key as "publicKey", created_at as "createdAt", retired_at as "retiredAt",
        coalesce((select value::timestamptz from instance_settings where name = 'signatures-due-from'), min(created_at) over ()) as "dueFrom"
      from signing_keys
      order by created_at desc, id`,
    values: [],
  };
}
