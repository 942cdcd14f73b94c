/** The public halves of the keys that sign the ends of histories. */
import { createHash } from "node:crypto";
import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { type SigningKeyRow, signingKeys } from "@/db/queries/signatures";
import type { ShownSigningKey } from "@/lib/contract/signatures";

/** Newest first; there are as many as there were rotations. */
export async function listSigningKeys(reads: Queryable): Promise<ShownSigningKey[]> {
  return (await allRows(reads, signingKeys())).map(shownKey);
}

export function shownKey({ id, publicKey, createdAt, retiredAt }: SigningKeyRow): ShownSigningKey {
  return {
    id,
    fingerprint: createHash("sha256").update(publicKey).digest("hex"),
    algorithm: "Ed25519",
    publicKey: publicKey.toString("base64"),
    createdAt: createdAt.toISOString(),
    retiredAt: retiredAt?.toISOString() ?? null,
  };
}
