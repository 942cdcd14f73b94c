/** Keeps where a person wants to work from now on, in whichever of their organisations that is. */
import { membershipsOf } from "@/db/queries/memberships";
import { allRows } from "@/db/queries/query";
import { setActiveNamespace } from "@/db/stores/organisations";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { TenancyServices } from "./services";

/**
 * @param asked the `name` of a namespace in the organisation that they are in now, or `organisation/name`
 * @returns the namespace's row id
 */
export async function chooseNamespace(
  { db }: Pick<TenancyServices, "db">,
  { userId, organisationId }: { userId: string; organisationId: number },
  asked: string,
): Promise<Outcome<number>> {
  const slash = asked.indexOf("/");
  const organisation = slash === -1 ? null : asked.slice(0, slash);
  const name = asked.slice(slash + 1);
  const chosen = (await allRows(db, membershipsOf(userId))).find(
    (row) =>
      row.namespace === name &&
      (organisation === null ? row.organisation_id === organisationId : row.organisation === organisation),
  );
  if (chosen === undefined) return refused("NAMESPACE_NOT_FOUND");
  await setActiveNamespace(db, userId, chosen.namespace_id);
  return done(chosen.namespace_id);
}
