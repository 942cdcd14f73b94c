/** Gives an organisation another name, which must be nobody's. */
import { lockOrganisation } from "@/db/queries/organisations";
import { firstRow } from "@/db/queries/query";
import { renameOrganisation as rename } from "@/db/stores/organisations";
import { inTransaction } from "@/db/transaction";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import type { Note, TenancyServices } from "./services";

export async function renameOrganisation(
  { db }: Pick<TenancyServices, "db">,
  { organisationId }: Member,
  name: string,
  note: Note,
): Promise<Outcome<null>> {
  return inTransaction(db, async (transaction) => {
    const organisation = await firstRow(transaction, lockOrganisation(organisationId));
    if (organisation === null) return refused("ORGANISATION_NOT_FOUND");
    if (organisation.name === name) {
      note.nothing();
      return done(null);
    }
    if (!(await rename(transaction, organisationId, name))) return refused("NAME_TAKEN");
    await note.within(transaction, { target: name, details: { before: organisation.name } });
    return done(null);
  });
}
