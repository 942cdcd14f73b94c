/** Removes a member, or lets oneself leave; it holds from their next call on. Keys that they made stay. */
import { deleteMembership } from "@/db/stores/organisations";
import { inTransaction } from "@/db/transaction";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import { type Member, userIdOf } from "./caller";
import { lockMember, refusalToChange } from "./membership-rules";
import type { Note, TenancyServices } from "./services";

export async function removeMember(
  { db }: Pick<TenancyServices, "db">,
  caller: Member,
  userId: string,
  note: Note,
): Promise<Outcome<null>> {
  const isSelf = userIdOf(caller) === userId;
  // Before anything is looked at: whoever may not remove members learns nothing of who they are.
  if (!isSelf && !caller.permissions.has("administer"))
    return refused("FORBIDDEN", "Removing others needs the permission to administer.");
  return inTransaction(db, async (transaction) => {
    const member = await lockMember(transaction, caller, userId);
    if (!member.ok) return member;
    const { role, email } = member.value;
    const needed = role === "owner" ? "own" : "administer";
    const refusal = await refusalToChange(transaction, caller, member.value, isSelf ? null : needed);
    if (refusal !== null) return refusal;
    await deleteMembership(transaction, caller.organisationId, userId);
    await note.within(transaction, { details: { role, email } });
    return done(null);
  });
}
