/** An invited person joins the organisation: once for each invitation, and only whoever was invited. */
import type { Queryable } from "@/db/client";
import { type InvitationRow, invitationByToken, lockInvitation } from "@/db/queries/invitations";
import { addMembership } from "@/db/queries/memberships";
import { firstRow } from "@/db/queries/query";
import { markAccepted } from "@/db/stores/invitations";
import { inTransaction } from "@/db/transaction";
import { hashSecret } from "@/lib/auth/api-keys";
import { encodeId } from "@/lib/contract/ids";
import { invitationStatus, type Joined } from "@/lib/contract/organisations";
import { isRole, type Role } from "@/lib/contract/permissions";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Note, TenancyServices } from "./services";

/** What a token invites to, before anybody has signed in: for the page behind the link, and for signing up. */
export interface OpenInvitation {
  id: bigint;
  organisationId: number;
  organisation: string;
  /** In lower case; only a person with this address can accept it. */
  email: string;
  role: Role;
}

/** Refused as INVITATION_NOT_FOUND where there is none, and as INVITATION_CLOSED once it is used, revoked or expired. */
export async function openInvitation(
  { db, clock }: { db: Queryable; clock: TenancyServices["clock"] },
  token: string,
): Promise<Outcome<OpenInvitation>> {
  return judged(await firstRow(db, invitationByToken(hashSecret(token))), clock.now());
}

/**
 * Whoever belongs to the organisation already keeps their role. A person with another e-mail address than the invited one is
 * refused as FORBIDDEN: a link that went astray lets nobody in.
 */
export async function acceptInvitation(
  { db, clock }: Pick<TenancyServices, "db" | "clock">,
  person: { id: string; email: string },
  token: string,
  note: Note,
): Promise<Outcome<Joined>> {
  return inTransaction(db, async (transaction) => {
    const now = clock.now();
    const invitation = judged(await firstRow(transaction, lockInvitation(hashSecret(token))), now);
    if (!invitation.ok) return invitation;
    const { id, organisationId, organisation, email, role } = invitation.value;
    if (email !== person.email.toLowerCase())
      return refused("FORBIDDEN", "The invitation is for another e-mail address than yours.");
    await markAccepted(transaction, id, new Date(now));
    await transaction.query(addMembership(organisationId, person.id, role));
    note.inLogOf(organisationId);
    await note.within(transaction, { target: encodeId("invitation", id), details: { role } });
    return done({ organisation, role });
  });
}

function judged(row: InvitationRow | null, now: number): Outcome<OpenInvitation> {
  if (row === null || !isRole(row.role)) return refused("INVITATION_NOT_FOUND");
  const status = invitationStatus(row, now);
  if (status !== "open") return refused("INVITATION_CLOSED", `It is ${status}.`);
  const { id, organisationId, organisation, email, role } = row;
  return done({ id, organisationId, organisation, email: email.toLowerCase(), role });
}
