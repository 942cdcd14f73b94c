/** Invitations by their token and in lists. */
import type { Query } from "@/db/queries/query";

export interface InvitationRow {
  id: bigint;
  organisationId: number;
  organisation: string;
  email: string;
  role: string;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

const COLUMNS = `i.id, i.organisation_id as "organisationId", o.name as organisation, i.email, i.role, i.invited_by as "invitedBy",
  i.created_at as "createdAt", i.expires_at as "expiresAt", i.accepted_at as "acceptedAt", i.revoked_at as "revokedAt"`;
const LIVING = "join organisations o on o.id = i.organisation_id and o.deleted_at is null";

/** Newest first. */
export function invitationsPage(organisationId: number, before: bigint | null, limit: number): Query<InvitationRow> {
  return {
    name: "invitations-page",
    text: `select ${COLUMNS} from invitations i ${LIVING}
      where i.organisation_id = $1 and ($2::bigint is null or i.id < $2) order by i.id desc limit $3`,
    values: [organisationId, before, limit],
  };
}

export function invitationById(organisationId: number, id: bigint): Query<InvitationRow> {
  return {
    name: "invitation-by-id",
    text: `select ${COLUMNS} from invitations i ${LIVING} where i.organisation_id = $1 and i.id = $2`,
    values: [organisationId, id],
  };
}

/** Whichever organisation it is of: whoever has the token was given it. Locked until the transaction ends. */
export function lockInvitation(tokenHash: Buffer): Query<InvitationRow> {
  return {
    name: "lock-invitation",
    text: `select ${COLUMNS} from invitations i ${LIVING} where i.token_hash = $1 for update of i`,
    values: [tokenHash],
  };
}

/** The same to look at. */
export function invitationByToken(tokenHash: Buffer): Query<InvitationRow> {
  return {
    name: "invitation-by-token",
    text: `select ${COLUMNS} from invitations i ${LIVING} where i.token_hash = $1`,
    values: [tokenHash],
  };
}
