/** A namespace by its name, as the caller's organisation knows it. */
import type { Queryable } from "@/db/client";
import { namespaceById, namespaceByName } from "@/db/queries/namespaces";
import { firstRow } from "@/db/queries/query";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";

/** @param name absent: the namespace that the caller is in */
export async function namespaceOf(
  db: Queryable,
  { organisationId, namespaceId }: Member,
  name: string | undefined,
): Promise<Outcome<{ id: number; name: string }>> {
  const query = name === undefined ? namespaceById(organisationId, namespaceId) : namespaceByName(organisationId, name);
  const row = await firstRow(db, query);
  return row === null ? refused("NAMESPACE_NOT_FOUND") : done(row);
}
