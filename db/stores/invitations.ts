/** Invitations: made, accepted, revoked; the rows stay. */
import type { Queryable } from "../client";

export interface NewInvitation {
  id: bigint;
  organisationId: number;
  email: string;
  role: string;
  tokenHash: Buffer;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

export async function addInvitation(db: Queryable, invitation: NewInvitation): Promise<void> {
  const { id, organisationId, email, role, tokenHash, invitedBy, createdAt, expiresAt } = invitation;
  await db.query({
    name: "add-invitation",
    text: `insert into invitations (id, organisation_id, email, role, token_hash, invited_by, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [id, organisationId, email, role, tokenHash, invitedBy, createdAt, expiresAt],
  });
}

export async function markAccepted(db: Queryable, id: bigint, at: Date): Promise<void> {
  await db.query({
    name: "accept-invitation",
    text: "update invitations set accepted_at = $2 where id = $1",
    values: [id, at],
  });
}

/** False where the organisation has no such invitation that is still open. One that expired may be revoked, too. */
export async function markInvitationRevoked(
  db: Queryable,
  organisationId: number,
  id: bigint,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "revoke-invitation",
    text: `update invitations set revoked_at = $3
      where organisation_id = $1 and id = $2 and accepted_at is null and revoked_at is null`,
    values: [organisationId, id, at],
  });
  return rowCount === 1;
}
