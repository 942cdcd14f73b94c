/** Takes an invitation back that nobody has accepted yet. */
import { invitationById } from "@/db/queries/invitations";
import { firstRow } from "@/db/queries/query";
import { markInvitationRevoked } from "@/db/stores/invitations";
import { inTransaction } from "@/db/transaction";
import { decodeId } from "@/lib/contract/ids";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import type { Note, TenancyServices } from "./services";

/** One that is revoked already stays as it is; one that was accepted is refused as INVITATION_CLOSED. */
export async function revokeInvitation(
  { db, clock }: TenancyServices,
  { organisationId }: Member,
  invitationId: string,
  note: Note,
): Promise<Outcome<null>> {
  const id = decodeId("invitation", invitationId);
  if (id === null) return refused("INVITATION_NOT_FOUND");
  return inTransaction(db, async (transaction) => {
    if (await markInvitationRevoked(transaction, organisationId, id, new Date(clock.now()))) {
      await note.within(transaction);
      return done(null);
    }
    const row = await firstRow(transaction, invitationById(organisationId, id));
    if (row === null) return refused("INVITATION_NOT_FOUND");
    if (row.revokedAt === null) return refused("INVITATION_CLOSED", "It was accepted; remove the member instead.");
    note.nothing();
    return done(null);
  });
}
