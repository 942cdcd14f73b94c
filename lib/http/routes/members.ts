/** Members of the caller's organisation: who they are, which role they have, and their leaving. */
import { z } from "zod";
import { changeMemberSchema, memberSchema } from "@/lib/contract/organisations";
import { refused } from "@/lib/engine/outcome";
import { empty, json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { changeRole } from "@/lib/tenancy/change-role";
import { removeMember } from "@/lib/tenancy/remove-member";
import { listMembers, readMember } from "@/lib/views/organisations";
import { limitSchema, nameCursorSchema, pageSchema } from "@/lib/views/page";

const MEMBERS = "/api/v1/members" as const;

export const memberRoutes = [
  route({
    method: "GET",
    path: MEMBERS,
    permission: "administer",
    summary: "Who belongs to the organisation, by e-mail address",
    query: z.strictObject({ cursor: nameCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(memberSchema) },
    async handle({ query, principal, instance }) {
      const page = { after: query.cursor ?? "", limit: query.limit };
      return json(200, await listMembers(instance.reads, principal.organisationId, page));
    },
  }),
  route({
    method: "PATCH",
    path: `${MEMBERS}/{user}`,
    permission: "administer",
    audit: "member.change",
    summary: "Gives a member another role; only owners make, change or remove owners",
    body: changeMemberSchema,
    answers: { 200: memberSchema },
    problems: ["MEMBER_NOT_FOUND", "LAST_OWNER"],
    async handle({ params, body, principal, instance, audit }) {
      const outcome = await changeRole(instance.services, principal, params.user, body.role, audit);
      if (!outcome.ok) return outcome;
      const member = await readMember(instance.reads, principal.organisationId, params.user);
      return member === null ? refused("MEMBER_NOT_FOUND") : json(200, member);
    },
  }),
  route({
    method: "DELETE",
    path: `${MEMBERS}/{user}`,
    permission: "anyone",
    audit: "member.remove",
    summary: "Removes a member, which needs the permission to administer; anyone may leave by themselves",
    answers: { 204: null },
    problems: ["MEMBER_NOT_FOUND", "LAST_OWNER"],
    async handle({ params, principal, instance, audit }) {
      const outcome = await removeMember(instance.services, principal, params.user, audit);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
];
