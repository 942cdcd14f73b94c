/** API keys by the hash of their secret. */
import type { Query } from "@/db/queries/query";

export interface ApiKeyByHashRow {
  id: bigint;
  organisation_id: number;
  namespace_id: number;
  scopes: string[];
  queues: string[] | null;
  workflows: string[] | null;
  expires_at: Date | null;
  /** It was revoked, or its namespace or organisation is gone. */
  is_ended: boolean;
}

export function apiKeyByHash(hash: Buffer): Query<ApiKeyByHashRow> {
  return {
    name: "api-key-by-hash",
    text: `select k.id, n.organisation_id, k.namespace_id, k.scopes, k.queues, k.workflows, k.expires_at,
        (k.revoked_at is not null or n.deleted_at is not null or o.deleted_at is not null) as is_ended
      from api_keys k
      join namespaces n on n.id = k.namespace_id
      join organisations o on o.id = n.organisation_id
      where k.secret_hash = $1`,
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
