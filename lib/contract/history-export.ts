/**
 * One history as a file that proves itself: its events, what they refer to, and the signatures and public keys to check them
 * with. `cerebelum-verify` reads it without a server.
 */
import { z } from "zod";
import { executionStatusSchema } from "./executions";
import { eventSchema, instantSchema } from "./history";
import { signingKeySchema } from "./signatures";

export const historyExportSchema = z.object({
  format: z.literal(1).describe("Grows when a reader of the format before could not read it any more"),
  execution: z.object({
    id: z.string(),
    namespace: z.string(),
    namespaceId: z.int().describe("Part of what is signed"),
    workflow: z.string(),
    version: z.int(),
    status: executionStatusSchema,
    sequence: z.int().describe("Of the last event"),
    head: z.string().describe("Of the hash chain up to there, in hex"),
    startedAt: instantSchema.nullable(),
    closedAt: instantSchema.nullable(),
    forkedFrom: z.string().nullable(),
  }),
  definition: z.json().describe("Of the execution's version"),
  events: z.array(eventSchema),
  values: z.record(z.string(), z.json()).describe("Large values, by the hash that events refer to them with"),
  signatures: z.array(
    z.object({
      sequence: z.int(),
      keyId: z.string(),
      head: z.string().describe("In hex"),
      signature: z.string().describe("Ed25519, in hex"),
    }),
  ),
  keys: z.array(signingKeySchema).describe("Of the installation; compare with one that you know"),
});
export type HistoryExport = z.infer<typeof historyExportSchema>;
