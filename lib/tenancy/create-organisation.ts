/** Makes an organisation with the namespace `default`; whoever asked for it owns it. */

import type { Queryable } from "@/db/client";
import { addMembership, memberById } from "@/db/queries/memberships";
import { firstRow } from "@/db/queries/query";
import { insertNamespace, insertOrganisation } from "@/db/stores/organisations";
import { inTransaction } from "@/db/transaction";
import type { CreateOrganisation } from "@/lib/contract/organisations";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Note, TenancyServices } from "./services";

/** Whose owners may always make others: the operator's own. A migration made it. */
const FIRST_ORGANISATION_ID = 1;
const DEFAULT_NAMESPACE = "default";

export interface OrganisationPolicy {
  signUp: "open" | "invitation" | "closed";
}

/** Anybody where signing up is open; otherwise only owners of the first organisation. */
export async function mayCreateOrganisations(
  db: Queryable,
  { signUp }: OrganisationPolicy,
  userId: string,
): Promise<boolean> {
  if (signUp === "open") return true;
  return (await firstRow(db, memberById(FIRST_ORGANISATION_ID, userId)))?.role === "owner";
}

export async function createOrganisation(
  { db }: Pick<TenancyServices, "db">,
  policy: OrganisationPolicy,
  userId: string,
  { name, namespaces = [] }: CreateOrganisation,
  note: Note,
): Promise<Outcome<number>> {
  if (!(await mayCreateOrganisations(db, policy, userId)))
    return refused("FORBIDDEN", "Organisations are made by owners of the first one here.");
  return inTransaction(db, async (transaction) => {
    const id = await insertOrganisation(transaction, name);
    if (id === null) return refused("NAME_TAKEN");
    const all = [...new Set([DEFAULT_NAMESPACE, ...namespaces])];
    for (const namespace of all) await insertNamespace(transaction, id, namespace);
    await transaction.query(addMembership(id, userId, "owner"));
    note.inLogOf(id);
    await note.within(transaction, { target: name, details: { namespaces: all } });
    return done(id);
  });
}
