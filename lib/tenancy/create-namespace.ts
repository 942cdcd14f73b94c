/** Adds a namespace to the caller's organisation. */
import { insertNamespace } from "@/db/stores/organisations";
import { inTransaction } from "@/db/transaction";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import type { Note, TenancyServices } from "./services";

export async function createNamespace(
  { db }: Pick<TenancyServices, "db">,
  { organisationId }: Member,
  name: string,
  note: Note,
): Promise<Outcome<null>> {
  return inTransaction(db, async (transaction) => {
    if (!(await insertNamespace(transaction, organisationId, name))) return refused("NAME_TAKEN");
    await note.within(transaction, { target: name });
    return done(null);
  });
}
