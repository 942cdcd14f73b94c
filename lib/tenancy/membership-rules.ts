/** What holds whenever roles change: only owners touch owners, and there is always one. Asked under the organisation's lock. */
import type { Queryable } from "@/db/client";
import { type MemberRow, memberById, someOwners } from "@/db/queries/memberships";
import { lockOrganisation } from "@/db/queries/organisations";
import { allRows, firstRow } from "@/db/queries/query";
import { grantedByRole, isRole, type Permission } from "@/lib/contract/permissions";
import { done, type Outcome, type Refusal, refused } from "@/lib/engine/outcome";
import { type Member, userIdOf } from "./caller";

/** The member as they are now; until the transaction ends nobody else changes roles in the organisation. */
export async function lockMember(
  transaction: Queryable,
  { organisationId }: Member,
  userId: string,
): Promise<Outcome<MemberRow>> {
  const organisation = await firstRow(transaction, lockOrganisation(organisationId));
  // A statement of its own: only one that begins after the wait for the lock sees what was changed during it.
  const row = organisation && (await firstRow(transaction, memberById(organisationId, userId)));
  return row === null ? refused("MEMBER_NOT_FOUND") : done(row);
}

/**
 * Null where the caller may take the role away from `member`. `needed` is asked of the caller's role as it is by now: since
 * their call was let in, somebody may have changed it.
 */
export async function refusalToChange(
  transaction: Queryable,
  caller: Member,
  member: MemberRow,
  needed: Permission | null,
): Promise<Refusal | null> {
  if (needed !== null && !caller.permissions.has(needed)) return forbidden(needed);
  if (member.role === "owner" && (await allRows(transaction, someOwners(caller.organisationId))).length < 2)
    return refused("LAST_OWNER", "Make somebody else an owner first.");
  const userId = userIdOf(caller);
  if (needed === null || userId === null) return null;
  const self = await firstRow(transaction, memberById(caller.organisationId, userId));
  return self !== null && isRole(self.role) && grantedByRole(self.role).has(needed) ? null : forbidden(needed);
}

function forbidden(needed: Permission): Refusal {
  return refused(
    "FORBIDDEN",
    needed === "own" ? "Only an owner may do that." : `This needs the permission to ${needed}.`,
  );
}
