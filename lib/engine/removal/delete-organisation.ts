/** Deletes an organisation with all its namespaces; the people who belong to it keep their accounts. */
import type { Queryable } from "@/db/client";
import { markOrganisationDeleted } from "@/db/stores/removal";
import { inTransaction } from "@/db/transaction";
import { done, type Outcome, refused } from "../outcome";
import { namespacesEnded, type RemovalServices } from "./delete-namespace";

/**
 * @param confirm its name, as whoever deletes it wrote it
 * @param write the entry of the audit log, within the transaction
 */
export async function deleteOrganisation(
  services: RemovalServices,
  organisationId: number,
  confirm: string,
  write: (transaction: Queryable) => Promise<void>,
): Promise<Outcome<null>> {
  const now = new Date(services.clock.now());
  const marked = await inTransaction(services.db, async (transaction) => {
    const marked = await markOrganisationDeleted(transaction, organisationId, confirm, now);
    if (typeof marked === "object") await write(transaction);
    return marked;
  });
  if (marked === "kept") return refused("NOT_DELETABLE", "The first organisation of an installation stays with it.");
  if (marked === "unknown") return refused("INVALID_REQUEST", undefined, { errors: [NOT_ITS_NAME] });
  namespacesEnded(services, marked.namespaces);
  return done(null);
}

export const NOT_ITS_NAME = { path: "/confirm", code: "NOT_ITS_NAME", message: "must be the name of what is deleted" };
