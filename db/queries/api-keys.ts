/** API keys by the hash of their secret. */
import type { Query } from "@/db/queries/query";

export function apiKeyByHash(
  hash: Buffer,
): Query<{ id: bigint; namespace_id: number; scopes: string[]; expires_at: Date | null }> {
  return {
    name: "api-key-by-hash",
    text: "select id, namespace_id, scopes, expires_at from api_keys where secret_hash = $1",
    values: [hash],
  };
}

/** Another process may have been later. */
export function touchApiKey(id: bigint, at: Date): Query<never> {
  return {
    name: "touch-api-key",
    text: "update api_keys set last_used_at = greatest(last_used_at, $2) where id = $1",
    values: [id, at],
  };
}

export function anyApiKey(): Query<{ id: bigint }> {
  return { name: "any-api-key", text: "select id from api_keys limit 1", values: [] };
}

export function addApiKey(apiKey: {
  id: bigint;
  namespaceId: number;
  name: string;
  prefix: string;
  hash: Buffer;
  scopes: string[];
}): Query<never> {
  const { id, namespaceId, name, prefix, hash, scopes } = apiKey;
  return {
    name: "add-api-key",
    text: `insert into api_keys (id, namespace_id, name, prefix, secret_hash, scopes, created_at)
      values ($1, $2, $3, $4, $5, $6, now())`,
    values: [id, namespaceId, name, prefix, hash, scopes],
  };
}
