/** The job that wakes an execution: applies everything whose time has come and arms what comes next, through the one door. */
import { z } from "zod";
import type { Queryable } from "@/db/client";
import { namespaceOf } from "@/db/queries/executions-by-ref";
import type { Door } from "../door";

/** The execution's key, in decimal; see the flush function. */
const payloadSchema = z.object({ execution: z.string().regex(/^\d{1,19}$/) });

/** May run twice, late, early, or beside itself: a wake that finds nothing due changes nothing. */
export async function wake(services: { db: Queryable; door: Door }, payload: unknown): Promise<void> {
  const executionId = BigInt(payloadSchema.parse(payload).execution);
  const namespaceId = await namespaceOf(services.db, executionId);
  if (namespaceId === null) return;
  await services.door.apply({ namespaceId, executionId, command: { type: "wake" }, actor: "engine" });
}
