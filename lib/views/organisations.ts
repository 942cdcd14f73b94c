/** Organisations, their members and invitations, as they are shown. */
import type { Queryable } from "@/db/client";
import { type InvitationRow, invitationById, invitationsPage } from "@/db/queries/invitations";
import { type MemberRow, memberById, membersPage } from "@/db/queries/memberships";
import { organisationById, organisationsOf } from "@/db/queries/organisations";
import { allRows, firstRow } from "@/db/queries/query";
import { encodeId } from "@/lib/contract/ids";
import {
  type Invitation,
  invitationStatus,
  type Member,
  type Organisation,
  type OwnOrganisation,
} from "@/lib/contract/organisations";
import { isRole, type Role } from "@/lib/contract/permissions";
import { keyCursor, nameCursor, type Page, pageOf } from "@/lib/views/page";

export async function readOrganisation(reads: Queryable, id: number): Promise<Organisation | null> {
  const row = await firstRow(reads, organisationById(id));
  return row && { name: row.name, createdAt: row.createdAt.toISOString() };
}

export async function listOwnOrganisations(
  reads: Queryable,
  userId: string,
  { after, limit }: { after: string; limit: number },
): Promise<Page<OwnOrganisation>> {
  const rows = await allRows(reads, organisationsOf(userId, after, limit + 1));
  return pageOf(
    rows,
    limit,
    ({ name, createdAt, role }) => ({ name, createdAt: createdAt.toISOString(), role: roleOf(role) }),
    (last) => nameCursor(last.name),
  );
}

export async function listMembers(
  reads: Queryable,
  organisationId: number,
  { after, limit }: { after: string; limit: number },
): Promise<Page<Member>> {
  const rows = await allRows(reads, membersPage(organisationId, after, limit + 1));
  return pageOf(rows, limit, memberItem, (last) => nameCursor(last.email));
}

export async function readMember(reads: Queryable, organisationId: number, userId: string): Promise<Member | null> {
  const row = await firstRow(reads, memberById(organisationId, userId));
  return row && memberItem(row);
}

/** @param now epoch milliseconds */
export async function listInvitations(
  reads: Queryable,
  organisationId: number,
  now: number,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<Page<Invitation>> {
  const rows = await allRows(reads, invitationsPage(organisationId, before, limit + 1));
  return pageOf(
    rows,
    limit,
    (row) => invitationItem(row, now),
    (last) => keyCursor(last.id),
  );
}

export async function readInvitation(
  reads: Queryable,
  organisationId: number,
  id: bigint,
  now: number,
): Promise<Invitation | null> {
  const row = await firstRow(reads, invitationById(organisationId, id));
  return row && invitationItem(row, now);
}

function memberItem({ user, email, name, role, joinedAt }: MemberRow): Member {
  return { user, email, name, role: roleOf(role), joinedAt: joinedAt.toISOString() };
}

function invitationItem(row: InvitationRow, now: number): Invitation {
  return {
    id: encodeId("invitation", row.id),
    email: row.email,
    role: roleOf(row.role),
    status: invitationStatus(row, now),
    invitedBy: row.invitedBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

function roleOf(role: string): Role {
  if (isRole(role)) return role;
  throw new Error(`there is no role ${role}`);
}
