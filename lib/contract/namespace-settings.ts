/** What a namespace may use, and how long it keeps what is over. */
import { z } from "zod";
import { durationSchema } from "./definition";
import { HISTORY_EVENTS_MAX, PAYLOAD_BYTES } from "./limits";

/** Statuses that nothing but a retry ends. */
export const CLOSED_STATUSES = ["completed", "failed", "cancelled", "terminated", "timed_out"] as const;
export type ClosedStatus = (typeof CLOSED_STATUSES)[number];

const limit = (min: number, max: number) => z.int().min(min).max(max).nullable().default(null);

export const namespaceLimitsSchema = z.strictObject({
  requestsPerMinute: limit(1, 10_000_000).describe("Calls of all its keys and people together; null: no limit"),
  openExecutions: limit(0, 1_000_000_000).describe("Executions that are not closed; null: no limit"),
  payloadBytes: limit(1024, PAYLOAD_BYTES).describe("Of one payload as UTF-8 JSON; null: the installation's 1 MiB"),
  historyEvents: limit(10, HISTORY_EVENTS_MAX).describe(
    "An execution whose history reaches it is terminated; null: the installation's 1,000,000",
  ),
});
export type NamespaceLimits = z.output<typeof namespaceLimitsSchema>;

const ageSchema = durationSchema.nullable().default(null);

export const retentionSchema = z.strictObject({
  completed: ageSchema,
  failed: ageSchema,
  cancelled: ageSchema,
  terminated: ageSchema,
  timed_out: ageSchema,
});
export type Retention = z.output<typeof retentionSchema>;

export const namespaceSettingsSchema = z.strictObject({
  limits: namespaceLimitsSchema.prefault({}).describe("What is left out has no limit"),
  retention: retentionSchema
    .prefault({})
    .describe("How long after its close an execution is removed, by status; what is left out is kept for ever"),
});
export type NamespaceSettings = z.output<typeof namespaceSettingsSchema>;

/** Of a namespace for which nothing was set. */
export const DEFAULT_SETTINGS: NamespaceSettings = namespaceSettingsSchema.parse({});
