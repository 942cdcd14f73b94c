/** Publishing, validating and reading workflows. */
import { z } from "zod";
import {
  publishWorkflowSchema,
  validateWorkflowSchema,
  validationSchema,
  workflowDetailSchema,
  workflowPublishedSchema,
  workflowSchema,
  workflowVersionSchema,
} from "@/lib/contract/workflows";
import { archiveWorkflow } from "@/lib/engine/archive-workflow";
import { reachesWorkflow } from "@/lib/engine/caller";
import { refused } from "@/lib/engine/outcome";
import { publishWorkflow } from "@/lib/engine/publish-workflow";
import { validateWorkflow } from "@/lib/engine/validate-workflow";
import { empty, json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { limitSchema, nameCursorSchema, pageSchema } from "@/lib/views/page";
import { listWorkflows, readWorkflow, readWorkflowVersion } from "@/lib/views/workflows";

export const workflowRoutes = [
  route({
    method: "POST",
    path: "/api/v1/workflows",
    permission: "publish",
    keeps: ["workflows"],
    audit: "workflow.publish",
    summary: "Publishes a definition as the next version; the same content again answers 200 with the one it has",
    body: publishWorkflowSchema,
    answers: { 201: workflowPublishedSchema, 200: workflowPublishedSchema },
    problems: ["INVALID_DEFINITION", "FORMAT_TOO_NEW", "WORKFLOW_NOT_FOUND"],
    async handle({ body, principal, instance, audit }) {
      const outcome = await publishWorkflow(instance.services, principal, body.definition, body.note);
      if (!outcome.ok) return outcome;
      const { existed, revived, published } = outcome.value;
      if (existed && !revived) audit.nothing();
      audit.tell({ target: published.name, details: { version: published.version, ...(revived ? { revived } : {}) } });
      return json(existed ? 200 : 201, published);
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/workflows/validate",
    permission: "publish",
    keeps: ["workflows"],
    summary: "Says everything that publishing would, and stores nothing",
    body: validateWorkflowSchema,
    answers: { 200: validationSchema },
    async handle({ body }) {
      return json(200, validateWorkflow(body.definition));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/workflows",
    permission: "read",
    keeps: ["workflows"],
    summary: "Workflows by name, each with its latest version and its executions by status",
    query: z.strictObject({ cursor: nameCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(workflowSchema) },
    async handle({ query, principal, instance }) {
      const page = { after: query.cursor ?? "", limit: query.limit };
      return json(200, await listWorkflows(instance.reads, principal.namespaceId, page, principal.limits?.workflows));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/workflows/{name}",
    permission: "read",
    keeps: ["workflows"],
    summary: "One workflow with all its versions, newest first",
    answers: { 200: workflowDetailSchema },
    problems: ["WORKFLOW_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      if (!reachesWorkflow(principal, params.name)) return refused("WORKFLOW_NOT_FOUND");
      const workflow = await readWorkflow(instance.reads, principal.namespaceId, params.name);
      return workflow === null ? refused("WORKFLOW_NOT_FOUND") : json(200, workflow);
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/workflows/{name}",
    permission: "publish",
    keeps: ["workflows"],
    audit: "workflow.archive",
    summary: "Archives a workflow: no new executions, running ones go on; publishing it again takes it back in",
    answers: { 204: null },
    problems: ["WORKFLOW_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const outcome = await archiveWorkflow(instance.services, principal, params.name);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/workflows/{name}/versions/{version}",
    permission: "read",
    keeps: ["workflows"],
    summary: "One version with its definition; it never changes",
    answers: { 200: workflowVersionSchema },
    problems: ["WORKFLOW_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      if (!reachesWorkflow(principal, params.name)) return refused("WORKFLOW_NOT_FOUND");
      const number = /^[1-9][0-9]{0,8}$/.test(params.version) ? Number(params.version) : null;
      const { reads } = instance;
      const version = number && (await readWorkflowVersion(reads, principal.namespaceId, params.name, number));
      return version === null ? refused("WORKFLOW_NOT_FOUND") : json(200, version);
    },
  }),
];
