/** An owner makes another member the owner in their place, and becomes an admin, in one step. */
import { setRole } from "@/db/stores/organisations";
import { inTransaction } from "@/db/transaction";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import { type Member, userIdOf } from "./caller";
import { lockMember } from "./membership-rules";
import type { Note, TenancyServices } from "./services";

export async function transferOwnership(
  { db }: Pick<TenancyServices, "db">,
  caller: Member,
  to: string,
  note: Note,
): Promise<Outcome<null>> {
  const from = userIdOf(caller);
  if (from === null) return refused("FORBIDDEN", "Only an owner may do that.");
  if (from === to) return refused("INVALID_REQUEST", "You are the owner already.");
  return inTransaction(db, async (transaction) => {
    const owner = await lockMember(transaction, caller, from);
    if (!owner.ok || owner.value.role !== "owner") return refused("FORBIDDEN", "Only an owner may do that.");
    const successor = await lockMember(transaction, caller, to);
    if (!successor.ok) return successor;
    await setRole(transaction, caller.organisationId, to, "owner");
    await setRole(transaction, caller.organisationId, from, "admin");
    await note.within(transaction, { target: to, details: { before: successor.value.role } });
    return done(null);
  });
}
