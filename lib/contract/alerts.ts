/** Alerts: whom a namespace tells of failures, and what became of telling them. */
import { z } from "zod";
import { instantSchema } from "./history";

export const ALERT_EVENTS = [
  "execution.failed",
  "execution.timed_out",
  "execution.quarantined",
  "dead_letter.created",
] as const;
export const ALERT_KINDS = ["webhook", "slack", "email"] as const;
/** Of one namespace. */
export const ALERTS_MAX = 20;

export const alertEventSchema = z.enum(ALERT_EVENTS);
export type AlertEvent = z.infer<typeof alertEventSchema>;
export const alertKindSchema = z.enum(ALERT_KINDS);
export type AlertKind = z.infer<typeof alertKindSchema>;

const nameSchema = z.string().trim().min(1).max(100);
const eventsSchema = z.array(alertEventSchema).min(1).max(ALERT_EVENTS.length);
const urlSchema = z.url({ protocol: /^https?$/ }).max(2000);

export const createAlertSchema = z
  .strictObject({
    name: nameSchema,
    kind: alertKindSchema,
    target: z.string().max(2000).describe("A URL, or of kind email an address"),
    events: eventsSchema.optional().describe("Default: that an execution failed, timed out or was quarantined"),
    enabled: z.boolean().optional().describe("Default true"),
  })
  .superRefine(({ kind, target }, context) => {
    const schema = kind === "email" ? z.email().max(320) : urlSchema;
    if (!schema.safeParse(target).success)
      context.addIssue({ code: "custom", path: ["target"], message: kind === "email" ? "is no address" : "is no URL" });
  });
export type CreateAlert = z.infer<typeof createAlertSchema>;

export const updateAlertSchema = z
  .strictObject({ name: nameSchema.optional(), events: eventsSchema.optional(), enabled: z.boolean().optional() })
  .refine((patch) => Object.keys(patch).length > 0, "must name what is to change");
export type UpdateAlert = z.infer<typeof updateAlertSchema>;

export const alertSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: alertKindSchema,
  target: z.string().describe("What may be seen of it: the host of a URL, or the address"),
  events: z.array(z.string()),
  enabled: z.boolean(),
  createdAt: instantSchema,
  createdBy: z.string(),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertCreatedSchema = alertSchema.extend({
  secret: z.string().nullable().describe("Of a webhook: what its messages are signed with; shown this once"),
});

export const alertSecretSchema = z.object({ secret: z.string().describe("Shown this once") });

export const alertTestSchema = z.object({
  delivered: z.boolean(),
  error: z.string().nullable().describe("Why it was not"),
});

export const alertDeliverySchema = z.object({
  id: z.string().describe("Of a webhook: the webhook-id that it was sent with, where it was sent alone"),
  event: z.string(),
  executionId: z.string().nullable(),
  deadLetterId: z.string().nullable(),
  status: z.enum(["waiting", "delivered", "failed"]),
  attempts: z.int(),
  createdAt: instantSchema,
  deliveredAt: instantSchema.nullable(),
  failedAt: instantSchema.nullable(),
  lastError: z.string().nullable(),
});
export type AlertDelivery = z.infer<typeof alertDeliverySchema>;
