/** Views of a room that people keep under a name: what stands behind the question mark of its address. */
import { z } from "zod";
import { instantSchema } from "./history";

export const VIEW_ROOMS = ["executions", "dead-letters", "approvals"] as const;
export const viewRoomSchema = z.enum(VIEW_ROOMS);
export type ViewRoom = z.infer<typeof viewRoomSchema>;

const fields = {
  name: z.string().trim().min(1).max(100),
  query: z.string().max(2000).describe("Without the question mark"),
  isShared: z.boolean().describe("Everyone in the namespace sees it"),
};

export const createSavedViewSchema = z.strictObject({
  ...fields,
  room: viewRoomSchema,
  isShared: fields.isShared.optional().describe("Everyone in the namespace sees it; default false"),
});
export type CreateSavedView = z.infer<typeof createSavedViewSchema>;

/** What is left out stays as it is. */
export const updateSavedViewSchema = z.strictObject(fields).partial();
export type UpdateSavedView = z.infer<typeof updateSavedViewSchema>;

export const savedViewSchema = z.object({
  id: z.string(),
  room: viewRoomSchema,
  ...fields,
  isMine: z.boolean(),
  createdAt: instantSchema,
});
export type SavedView = z.infer<typeof savedViewSchema>;
