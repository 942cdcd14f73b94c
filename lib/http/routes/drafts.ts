/** Drafts of workflows: what the editor keeps between two edits, and what others see coming. */
import { z } from "zod";
import { draftItemSchema, draftSavedSchema, draftSchema, saveDraftSchema } from "@/lib/contract/drafts";
import { reachesWorkflow } from "@/lib/engine/caller";
import { refused } from "@/lib/engine/outcome";
import { discardDraft, saveDraft } from "@/lib/engine/save-draft";
import { empty, json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { limitSchema, nameCursorSchema, pageSchema } from "@/lib/views/page";
import { listDrafts, readDraft } from "@/lib/views/workflow-drafts";

const DRAFT = "/api/v1/workflows/{name}/draft" as const;

export const draftRoutes = [
  route({
    method: "GET",
    path: "/api/v1/drafts",
    permission: "read",
    keeps: ["workflows"],
    summary: "Drafts by the name of their workflow, those of workflows that were never published too",
    query: z.strictObject({ cursor: nameCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(draftItemSchema) },
    async handle({ query, principal, instance }) {
      const page = { after: query.cursor ?? "", limit: query.limit };
      return json(200, await listDrafts(instance.reads, principal.namespaceId, page, principal.limits?.workflows));
    },
  }),
  route({
    method: "GET",
    path: DRAFT,
    permission: "read",
    keeps: ["workflows"],
    summary:
      "The draft of a workflow; where none was saved, its latest version, with revision 0; where nothing is new in it, the latest version too",
    answers: { 200: draftSchema },
    problems: ["WORKFLOW_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      if (!reachesWorkflow(principal, params.name)) return refused("WORKFLOW_NOT_FOUND");
      const draft = await readDraft(instance.reads, principal.namespaceId, params.name);
      return draft === null ? refused("WORKFLOW_NOT_FOUND") : json(200, draft);
    },
  }),
  route({
    method: "PUT",
    path: DRAFT,
    permission: "publish",
    keeps: ["workflows"],
    audit: "draft.save",
    summary: "Saves a draft on top of the revision that it names; the log tells when it passes into other hands",
    body: saveDraftSchema,
    answers: { 200: draftSavedSchema },
    problems: ["STALE_DRAFT", "DRAFT_NOT_FOUND", "WORKFLOW_NOT_FOUND"],
    async handle({ params, body, principal, instance, audit }) {
      const outcome = await saveDraft(instance.services, principal, params.name, body);
      if (!outcome.ok) return outcome;
      const { revision, updatedAt, changedHands } = outcome.value;
      if (!changedHands) audit.nothing();
      return json(200, { revision, updatedAt: updatedAt.toISOString() });
    },
  }),
  route({
    method: "DELETE",
    path: DRAFT,
    permission: "publish",
    keeps: ["workflows"],
    audit: "draft.discard",
    summary: "Throws a draft away; what was published stays",
    answers: { 204: null },
    problems: ["DRAFT_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const outcome = await discardDraft(instance.services, principal, params.name);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
];
