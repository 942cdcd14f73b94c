/** What waits for a person, and the decision. */
import { z } from "zod";
import type { Principal } from "@/lib/auth/principal";
import { approvalSchema, approvalStatusSchema, type Decider, decideApprovalSchema } from "@/lib/contract/approvals";
import { decideApproval } from "@/lib/engine/decide-approval";
import { type Refusal, refused } from "@/lib/engine/outcome";
import { json } from "@/lib/http/answer";
import { readExecution } from "@/lib/http/execution-ref";
import { route } from "@/lib/http/route";
import { type ApprovalReach, listApprovals, readApproval } from "@/lib/views/approvals";
import { EMPTY_PAGE, keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";

/** What a person who asks for their own approvals says instead of a name. */
const ME = "me";

const listQuery = z.strictObject({
  status: approvalStatusSchema.optional(),
  assignee: z
    .string()
    .min(1)
    .max(320)
    .optional()
    .describe("A user id, an e-mail address or a role, as approvals name it; `me`: any name of the signed-in person"),
  execution: z.string().max(300).optional().describe("The execution's id, or `key:` and its key"),
  cursor: keyCursorSchema.optional(),
  limit: limitSchema,
});

export const approvalRoutes = [
  route({
    method: "GET",
    path: "/api/v1/approvals",
    permission: "inbox",
    keeps: ["workflows"],
    summary: "Approvals, newest first",
    query: listQuery,
    answers: { 200: pageSchema(approvalSchema) },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ query: { execution, assignee, ...query }, principal, instance }) {
      const row = execution === undefined ? undefined : await readExecution(instance.reads, principal, execution);
      // Whoever may not read executions does not learn which there are.
      if (row !== undefined && !row.ok) return principal.permissions.has("read") ? row : json(200, EMPTY_PAGE);
      const filter = { ...query, executionId: row?.value.id, assignees: namesOf(assignee, principal) };
      return json(200, await listApprovals(instance.reads, principal.namespaceId, filter, reachOf(principal)));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/approvals/{approval}",
    permission: "inbox",
    keeps: ["workflows"],
    summary: "One approval with its form, and its decision once there is one",
    answers: { 200: approvalSchema },
    problems: ["APPROVAL_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const approval = await readApproval(instance.reads, principal.namespaceId, params.approval, reachOf(principal));
      return approval === null ? refused("APPROVAL_NOT_FOUND") : json(200, approval);
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/approvals/{approval}/decide",
    permission: "decide",
    keeps: ["workflows"],
    audit: "approval.decide",
    summary: "Decides; people only on what names them or nobody, unless they administer; keys on anything",
    body: decideApprovalSchema,
    answers: { 200: approvalSchema },
    problems: [
      "APPROVAL_NOT_FOUND",
      "ALREADY_DECIDED",
      "APPROVAL_CLOSED",
      "INVALID_DATA",
      "EXECUTION_NOT_FOUND",
      "EXECUTION_QUARANTINED",
    ],
    async handle({ params, body, principal, instance, audit }) {
      audit.tell({ details: { decision: body.decision } });
      const outcome = await decideApproval(instance.services, principal, params.approval, body, decider(principal));
      if (!outcome.ok) return outcome.code === "FORBIDDEN" ? unseen(principal, outcome) : outcome;
      return json(200, await readApproval(instance.reads, principal.namespaceId, params.approval, reachOf(principal)));
    },
  }),
];

function namesOf(assignee: string | undefined, { names }: Principal): readonly string[] | undefined {
  if (assignee === undefined) return undefined;
  return assignee === ME && names !== undefined ? names : [assignee];
}

/** Whoever may not read executions sees no more than what they could decide. */
function reachOf(principal: Principal): ApprovalReach {
  const { names = [], permissions, limits } = principal;
  const reach = { workflows: limits?.workflows, decider: permissions.has("decide") ? decider(principal) : null };
  return permissions.has("read") ? reach : { ...reach, names };
}

/** That it names others is told to those alone who may see it. */
function unseen({ permissions }: Principal, forbidden: Refusal): Refusal {
  return permissions.has("read") ? forbidden : refused("APPROVAL_NOT_FOUND");
}

function decider({ names, permissions }: Principal): Decider {
  return names === undefined || permissions.has("administer") ? "anyone" : names;
}
