/** Views that people keep of a room, and those that others share with them. */
import { z } from "zod";
import {
  createSavedViewSchema,
  savedViewSchema,
  updateSavedViewSchema,
  viewRoomSchema,
} from "@/lib/contract/saved-views";
import { empty, json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { userIdOf } from "@/lib/tenancy/caller";
import { createSavedView, deleteSavedView, roomsOf, updateSavedView } from "@/lib/tenancy/saved-views";
import { keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";
import { listSavedViews, savedViewItem } from "@/lib/views/saved-views";

const VIEWS = "/api/v1/saved-views" as const;
const VIEW = `${VIEWS}/{view}` as const;

export const savedViewRoutes = [
  route({
    method: "GET",
    path: VIEWS,
    permission: "person",
    summary: "The person's own views and those that are shared, of rooms that they may look into; oldest first",
    query: z.strictObject({ room: viewRoomSchema.optional(), cursor: keyCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(savedViewSchema) },
    async handle({ query: { room, cursor = 0n, limit }, principal, instance }) {
      const rooms = roomsOf(principal).filter((one) => room === undefined || one === room);
      const reader = { namespaceId: principal.namespaceId, userId: userIdOf(principal) ?? "" };
      return json(200, await listSavedViews(instance.reads, reader, { rooms, after: cursor, limit }));
    },
  }),
  route({
    method: "POST",
    path: VIEWS,
    permission: "person",
    audit: "view.create",
    summary: "Keeps a view of a room that the person may look into; the log tells of shared ones only",
    body: createSavedViewSchema,
    answers: { 201: savedViewSchema },
    problems: ["NAME_TAKEN", "FORBIDDEN"],
    async handle({ body, principal, instance, audit }) {
      const made = await createSavedView(instance.services, principal, body, audit);
      return made.ok ? json(201, savedViewItem(made.value, userIdOf(principal) ?? "")) : made;
    },
  }),
  route({
    method: "PATCH",
    path: VIEW,
    permission: "person",
    audit: "view.update",
    summary: "Changes what the body names: of one's own, or, whoever administers, of a shared one",
    body: updateSavedViewSchema,
    answers: { 200: savedViewSchema },
    problems: ["VIEW_NOT_FOUND", "NAME_TAKEN", "FORBIDDEN"],
    async handle({ params, body, principal, instance, audit }) {
      const changed = await updateSavedView(instance.services, principal, params.view, body, audit);
      return changed.ok ? json(200, savedViewItem(changed.value, userIdOf(principal) ?? "")) : changed;
    },
  }),
  route({
    method: "DELETE",
    path: VIEW,
    permission: "person",
    audit: "view.delete",
    summary: "Removes one's own, or, whoever administers, a shared one",
    answers: { 204: null },
    problems: ["VIEW_NOT_FOUND", "FORBIDDEN"],
    async handle({ params, principal, instance, audit }) {
      const outcome = await deleteSavedView(instance.services, principal, params.view, audit);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
];
