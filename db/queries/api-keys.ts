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

export interface NewApiKey {
  id: bigint;
  namespaceId: number;
  name: string;
  prefix: string;
  hash: Buffer;
  scopes: readonly string[];
  /** Absent: the database's own time. */
  createdAt?: Date;
  createdBy?: string;
  expiresAt?: Date | null;
  queues?: readonly string[] | null;
  workflows?: readonly string[] | null;
  /** The key whose place it takes. */
  replaces?: bigint;
}

export function addApiKey(apiKey: NewApiKey): Query<never> {
  const { id, namespaceId, name, prefix, hash, scopes, createdAt, createdBy, expiresAt, queues, workflows, replaces } =
    apiKey;
  return {
    name: "add-api-key",
    text: `insert into api_keys (id, namespace_id, name, prefix, secret_hash, scopes, created_at, created_by, expires_at,
        queues, workflows, replaces)
      values ($1, $2, $3, $4, $5, $6, coalesce($7, now()), $8, $9, $10, $11, $12)`,
    values: [
      id,
      namespaceId,
      name,
      prefix,
      hash,
      scopes,
      createdAt ?? null,
      createdBy ?? null,
      expiresAt ?? null,
      queues ?? null,
      workflows ?? null,
      replaces ?? null,
    ],
  };
}

export interface ApiKeyRow {
  id: bigint;
  namespaceId: number;
  namespace: string;
  name: string;
  prefix: string;
  scopes: string[];
  queues: string[] | null;
  workflows: string[] | null;
  createdAt: Date;
  createdBy: string | null;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  replaces: bigint | null;
}

const COLUMNS = `k.id, k.namespace_id as "namespaceId", n.name as namespace, k.name, k.prefix, k.scopes, k.queues, k.workflows,
  k.created_at as "createdAt", k.created_by as "createdBy", k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
  k.revoked_at as "revokedAt", k.replaces`;
const LIVING = "join namespaces n on n.id = k.namespace_id and n.deleted_at is null";

const BY_ID = `select ${COLUMNS} from api_keys k ${LIVING} where n.organisation_id = $1 and k.id = $2`;

/** Newest first, revoked and expired ones included. */
export function apiKeysPage(namespaceId: number, before: bigint | null, limit: number): Query<ApiKeyRow> {
  return {
    name: "api-keys-page",
    text: `select ${COLUMNS} from api_keys k ${LIVING}
      where k.namespace_id = $1 and ($2::bigint is null or k.id < $2) order by k.id desc limit $3`,
    values: [namespaceId, before, limit],
  };
}

/** In whichever of the organisation's namespaces it is. */
export function apiKeyById(organisationId: number, id: bigint): Query<ApiKeyRow> {
  return {
    name: "api-key-by-id",
    text: BY_ID,
    values: [organisationId, id],
  };
}

/** The same, locked until the transaction ends. */
export function lockApiKey(organisationId: number, id: bigint): Query<ApiKeyRow> {
  return { ...apiKeyById(organisationId, id), name: "lock-api-key", text: `${BY_ID} for update of k` };
}

/** Whether another key has taken its place. Under its lock only a statement of its own sees what was done before. */
export function apiKeySuccessor(namespaceId: number, id: bigint): Query<{ id: bigint }> {
  return {
    name: "api-key-successor",
    text: "select id from api_keys where namespace_id = $1 and replaces = $2 limit 1",
    values: [namespaceId, id],
  };
}
