/** API keys over the API: what they may do, for how long, and for which queues or workflows alone. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { instantSchema } from "./history";
import { namespaceNameSchema } from "./namespaces";
import { SCOPES } from "./permissions";

export const OVERLAP_DEFAULT_MS = 3_600_000;
export const OVERLAP_MAX_MS = 30 * 86_400_000;
/** Each workflow of a limited key is looked for by itself in lists. */
const LIMITED_TO_MAX = 20;

export const scopeSchema = z.enum(SCOPES);

const limitSchema = z.array(nameSchema).min(1).max(LIMITED_TO_MAX);

export const createApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(scopeSchema).min(1).max(10),
  expiresAt: z.iso.datetime({ offset: true }).nullable().optional().describe("In the future; default: never"),
  queues: limitSchema.optional().describe("The only queues that workers with this key may serve"),
  workflows: limitSchema.optional().describe("The only workflows that this key can see, start and control"),
  namespace: namespaceNameSchema.optional().describe("Of the caller's organisation; default: the caller's own"),
});
export type CreateApiKey = z.infer<typeof createApiKeySchema>;

export const rotateApiKeySchema = z.strictObject({
  overlapMs: z
    .int()
    .min(0)
    .max(OVERLAP_MAX_MS)
    .optional()
    .describe("For how long the old secret still works: default an hour, at most 30 days"),
});

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe("How its secret begins, to recognise it by"),
  scopes: z.array(z.string()),
  namespace: z.string(),
  queues: z.array(z.string()).nullable(),
  workflows: z.array(z.string()).nullable(),
  createdAt: instantSchema,
  createdBy: z.string().nullable().describe("`user:…` or `key:…`; null: the first start"),
  expiresAt: instantSchema.nullable(),
  lastUsedAt: instantSchema.nullable().describe("Exact to the minute"),
  revokedAt: instantSchema.nullable(),
  rotatedFrom: z.string().nullable().describe("The key whose place it took"),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const apiKeyMadeSchema = apiKeySchema.extend({
  secret: z.string().describe("To be sent as bearer token; in this answer only"),
});
export type ApiKeyMade = z.infer<typeof apiKeyMadeSchema>;
