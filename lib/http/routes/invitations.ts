/** Invitations: made, mailed, listed, revoked, and accepted by whom they are for. */
import { z } from "zod";
import {
  acceptInvitationSchema,
  createInvitationSchema,
  invitationMadeSchema,
  invitationSchema,
  joinedSchema,
} from "@/lib/contract/organisations";
import { empty, json } from "@/lib/http/answer";
import { answer, route } from "@/lib/http/route";
import { invitationLetter } from "@/lib/mail/letters";
import { acceptInvitation } from "@/lib/tenancy/accept-invitation";
import { invite } from "@/lib/tenancy/invite";
import { revokeInvitation } from "@/lib/tenancy/revoke-invitation";
import { listInvitations, readInvitation } from "@/lib/views/organisations";
import { keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";

const INVITATIONS = "/api/v1/invitations" as const;

export const invitationRoutes = [
  route({
    method: "GET",
    path: INVITATIONS,
    permission: "administer",
    summary: "Who was invited, newest first",
    query: z.strictObject({ cursor: keyCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(invitationSchema) },
    async handle({ query, principal, instance }) {
      const page = { before: query.cursor ?? null, limit: query.limit };
      return json(200, await listInvitations(instance.reads, principal.organisationId, instance.clock.now(), page));
    },
  }),
  route({
    method: "POST",
    path: INVITATIONS,
    permission: "administer",
    audit: "invitation.create",
    summary: "Invites a person by e-mail; this answer and the mail alone hold the token",
    body: createInvitationSchema,
    answers: { 201: invitationMadeSchema },
    problems: ["ORGANISATION_NOT_FOUND"],
    async handle({ body, principal, instance, audit }) {
      const { services, reads, clock, people, mailer } = instance;
      const made = await invite(services, principal, body, audit);
      if (!made.ok) return made;
      const { id, token, organisation, email, expiresAt } = made.value;
      const link = `${people.siteUrl()}/invitation?token=${encodeURIComponent(token)}`;
      const [, invitedBy = "An administrator"] = principal.names ?? [];
      mailer.post(email, invitationLetter(organisation, invitedBy, expiresAt, link));
      return json(201, { ...(await readInvitation(reads, principal.organisationId, id, clock.now())), token, link });
    },
  }),
  route({
    method: "DELETE",
    path: `${INVITATIONS}/{invitation}`,
    permission: "administer",
    audit: "invitation.revoke",
    summary: "Takes back an invitation that nobody has accepted yet",
    answers: { 204: null },
    problems: ["INVITATION_NOT_FOUND", "INVITATION_CLOSED"],
    async handle({ params, principal, instance, audit }) {
      const outcome = await revokeInvitation(instance.services, principal, params.invitation, audit);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
  route({
    method: "POST",
    path: `${INVITATIONS}/accept`,
    permission: "person",
    audit: "invitation.accept",
    summary: "Joins the organisation; for a person with the invited e-mail address, once",
    body: acceptInvitationSchema,
    answers: { 200: joinedSchema },
    problems: ["INVITATION_NOT_FOUND", "INVITATION_CLOSED"],
    async handle({ body, principal, instance, audit }) {
      const [id = "", email = ""] = principal.names ?? [];
      return answer(await acceptInvitation(instance.services, { id, email }, body.token, audit));
    },
  }),
];
