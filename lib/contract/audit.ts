/** The audit log as it is read: who did what to which thing, from where and with what; and what was refused. */
import { z } from "zod";
import { instantSchema } from "./history";
import { isStorableText } from "./json";

export const auditEntrySchema = z.object({
  id: z.string(),
  at: instantSchema,
  actor: z.string().describe("`key:key_…`, `user:…`, `engine`, or `unknown`"),
  action: z.string().describe("`thing.verb`; of a refused call that changes nothing, its method and path"),
  target: z.string().nullable().describe("The id or the name of what it was done to"),
  outcome: z.enum(["done", "refused"]),
  code: z.string().nullable().describe("Why it was refused, as its answer said"),
  credential: z
    .string()
    .nullable()
    .describe("The key or session that it was tried with; null: none, or none that is known"),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string().nullable(),
  namespace: z.string().nullable().describe("Null for what concerns the organisation as a whole"),
  count: z.int().describe("For how many calls of its kind it stands"),
  details: z.json().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const textSchema = z.string().min(1).max(300).refine(isStorableText, "must be storable text");
const timeSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What a query may ask for. All that is given must hold. */
export const auditFilterSchema = z.strictObject({
  actor: textSchema.optional(),
  action: textSchema.optional().describe("Exactly that, or, with a dot at its end, all that begin so: `execution.`"),
  target: textSchema.optional(),
  outcome: z.enum(["done", "refused"]).optional(),
  namespace: textSchema.optional(),
  from: timeSchema.optional().describe("Not before that"),
  to: timeSchema.optional().describe("Before that"),
});
export type AuditFilter = z.output<typeof auditFilterSchema>;
