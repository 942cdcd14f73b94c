/** API keys as they are shown: everything but what would let anybody use them. */
import type { Queryable } from "@/db/client";
import { type ApiKeyRow, apiKeyById, apiKeysPage } from "@/db/queries/api-keys";
import { allRows, firstRow } from "@/db/queries/query";
import type { ApiKey } from "@/lib/contract/api-keys";
import { decodeId, encodeId } from "@/lib/contract/ids";
import { keyCursor, type Page, pageOf } from "@/lib/views/page";

export async function listApiKeys(
  reads: Queryable,
  namespaceId: number,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<Page<ApiKey>> {
  const rows = await allRows(reads, apiKeysPage(namespaceId, before, limit + 1));
  return pageOf(rows, limit, apiKeyItem, (last) => keyCursor(last.id));
}

/** Null where the organisation has no such key. */
export async function readApiKey(reads: Queryable, organisationId: number, id: string): Promise<ApiKey | null> {
  const key = decodeId("apiKey", id);
  const row = key === null ? null : await firstRow(reads, apiKeyById(organisationId, key));
  return row && apiKeyItem(row);
}

function apiKeyItem(row: ApiKeyRow): ApiKey {
  return {
    id: encodeId("apiKey", row.id),
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    namespace: row.namespace,
    queues: row.queues,
    workflows: row.workflows,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    rotatedFrom: row.replaces === null ? null : encodeId("apiKey", row.replaces),
  };
}
