/** Invites a person by e-mail: the link is mailed, and answered once to whoever invited, so that it can be handed over. */
import { randomBytes } from "node:crypto";
import { organisationById } from "@/db/queries/organisations";
import { firstRow } from "@/db/queries/query";
import { addInvitation } from "@/db/stores/invitations";
import { inTransaction } from "@/db/transaction";
import { hashSecret } from "@/lib/auth/api-keys";
import { encodeId } from "@/lib/contract/ids";
import { type CreateInvitation, INVITATION_DEFAULT_MS } from "@/lib/contract/organisations";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { Member } from "./caller";
import type { Note, TenancyServices } from "./services";

export interface MadeInvitation {
  id: bigint;
  token: string;
  /** The organisation's name, for the mail. */
  organisation: string;
  /** In lower case. */
  email: string;
  expiresAt: Date;
}

export async function invite(
  { db, clock, keys }: TenancyServices,
  caller: Member,
  { email: address, role, expiresInMs = INVITATION_DEFAULT_MS }: CreateInvitation,
  note: Note,
): Promise<Outcome<MadeInvitation>> {
  if (role === "owner" && !caller.permissions.has("own"))
    return refused("FORBIDDEN", "Only an owner may invite owners.");
  const organisation = await firstRow(db, organisationById(caller.organisationId));
  if (organisation === null) return refused("ORGANISATION_NOT_FOUND");
  const token = randomBytes(32).toString("base64url");
  const id = keys.next();
  const now = clock.now();
  const email = address.toLowerCase();
  const expiresAt = new Date(now + expiresInMs);
  await inTransaction(db, async (transaction) => {
    await addInvitation(transaction, {
      id,
      organisationId: caller.organisationId,
      email,
      role,
      tokenHash: hashSecret(token),
      invitedBy: caller.actor,
      createdAt: new Date(now),
      expiresAt,
    });
    await note.within(transaction, { target: encodeId("invitation", id), details: { email, role } });
  });
  return done({ id, token, organisation: organisation.name, email, expiresAt });
}
