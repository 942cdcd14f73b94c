/** Namespaces of an organisation, as they are shown. */
import type { Queryable } from "@/db/client";
import { namespaceRow, namespacesPage } from "@/db/queries/namespaces";
import { allRows, firstRow } from "@/db/queries/query";
import type { Namespace } from "@/lib/contract/namespaces";
import { nameCursor, type Page, pageOf } from "@/lib/views/page";

export async function listNamespaces(
  reads: Queryable,
  organisationId: number,
  { after, limit }: { after: string; limit: number },
): Promise<Page<Namespace>> {
  const rows = await allRows(reads, namespacesPage(organisationId, after, limit + 1));
  return pageOf(
    rows,
    limit,
    ({ name, createdAt }) => ({ name, createdAt: createdAt.toISOString() }),
    (last) => nameCursor(last.name),
  );
}

export async function readNamespace(reads: Queryable, organisationId: number, name: string): Promise<Namespace | null> {
  const row = await firstRow(reads, namespaceRow(organisationId, name));
  return row && { name: row.name, createdAt: row.createdAt.toISOString() };
}
