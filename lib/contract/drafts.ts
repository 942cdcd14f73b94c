/** What the editor keeps: a workflow's draft, and beside it where things lie, which never makes a new version. */
import { z } from "zod";
import { definitionSchema, edgeSchema, nameSchema, nodeSchema } from "./definition";
import { instantSchema } from "./history";
import { MAX_NODES } from "./limits";

const coordinate = z.number().min(-1e6).max(1e6);
export const pointSchema = z.strictObject({ x: coordinate, y: coordinate });
export type Point = z.infer<typeof pointSchema>;

export const commentSchema = z.strictObject({
  id: nameSchema,
  text: z.string().max(4096),
  ...pointSchema.shape,
  width: z.number().min(40).max(4000),
  height: z.number().min(24).max(4000),
  /** The map in whose body it lies; none: the workflow's own graph. */
  inside: nameSchema.optional(),
});
export type Comment = z.infer<typeof commentSchema>;

export const layoutSchema = z.strictObject({
  places: z
    .record(nameSchema, pointSchema)
    .optional()
    .describe("Nodes that were moved by hand, by id, each within the graph it is in; all others are laid out"),
  folded: z.array(nameSchema).max(MAX_NODES).optional().describe("Maps whose body is not drawn"),
  comments: z.array(commentSchema).max(1000).optional(),
});
export type Layout = z.infer<typeof layoutSchema>;

/** Nodes as text, copied from one graph and pasted into another. */
export const clipSchema = z.strictObject({
  cerebelum: z.literal("nodes"),
  format: z.literal(1),
  nodes: z.array(nodeSchema).min(1).max(1000),
  edges: z.array(edgeSchema).max(10_000),
  places: layoutSchema.shape.places,
});
export type Clip = z.infer<typeof clipSchema>;

/** A definition that may have no nodes yet; in all else as it will be published. */
export const draftDefinitionSchema = definitionSchema.extend({ nodes: z.array(nodeSchema).max(MAX_NODES) });

const draftFields = {
  definition: draftDefinitionSchema,
  layout: layoutSchema,
  baseVersion: z.int().min(1).nullable().describe("The version that it began as; null: none was published"),
};

export const saveDraftSchema = z.strictObject({
  ...draftFields,
  revision: z.int().min(0).describe("The one it builds on; 0 for the first"),
});
export type SaveDraft = z.infer<typeof saveDraftSchema>;

export const draftSchema = z.object({
  workflow: nameSchema,
  ...draftFields,
  definition: z.record(z.string(), z.json()).describe("As it was saved, or as it was published"),
  revision: z.int().describe("Grows with each save; 0: nothing was saved yet, and this is the latest version"),
  updatedAt: instantSchema.nullable(),
  updatedBy: z.string().nullable(),
});
export type Draft = z.infer<typeof draftSchema>;

export const draftSavedSchema = draftSchema.pick({ revision: true }).extend({ updatedAt: instantSchema });
export type DraftSaved = z.infer<typeof draftSavedSchema>;

export const draftItemSchema = z.object({
  workflow: nameSchema,
  baseVersion: z.int().nullable(),
  revision: z.int(),
  updatedAt: instantSchema,
  updatedBy: z.string(),
  isChanged: z
    .boolean()
    .describe("Whether it says something else than the version that it began as; where none was published, always"),
  latestVersion: z.int().nullable().describe("Of the workflow; null: none was published"),
});
export type DraftItem = z.infer<typeof draftItemSchema>;
