/** Gives a member another role; that anybody becomes or stops being an owner is for owners alone. */
import { setRole } from "@/db/stores/organisations";
import { inTransaction } from "@/db/transaction";
import type { Role } from "@/lib/contract/permissions";
import { done, type Outcome } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import { lockMember, refusalToChange } from "./membership-rules";
import type { Note, TenancyServices } from "./services";

export async function changeRole(
  { db }: Pick<TenancyServices, "db">,
  caller: Member,
  userId: string,
  role: Role,
  note: Note,
): Promise<Outcome<null>> {
  return inTransaction(db, async (transaction) => {
    const member = await lockMember(transaction, caller, userId);
    if (!member.ok) return member;
    const before = member.value.role;
    const needed = before === "owner" || role === "owner" ? "own" : "administer";
    if (before === role) {
      note.nothing();
      return done(null);
    }
    const refusal = await refusalToChange(transaction, caller, member.value, needed);
    if (refusal !== null) return refusal;
    await setRole(transaction, caller.organisationId, userId, role);
    await note.within(transaction, { details: { before, role } });
    return done(null);
  });
}
