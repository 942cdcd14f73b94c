/** The job that wakes an execution: applies everything whose time has come and arms what comes next, through the one door. */
import { z } from "zod";
import type { Queryable } from "@/db/client";
import { namespacesOf } from "@/db/queries/executions-by-ref";
import type { Door } from "../door";
import { together } from "../together";

/** The execution's key, in decimal; see the flush function. */
const payloadSchema = z.object({ execution: z.string().regex(/^\d{1,19}$/) });

/** The task may run twice, late, early, or beside itself: a wake that finds nothing due changes nothing. */
export function createWake({ db, door }: { db: Queryable; door: Door }): (payload: unknown) => Promise<void> {
  const namespaceOf = together((ids: readonly bigint[]) => namespacesOf(db, ids));
  return async (payload) => {
    const executionId = BigInt(payloadSchema.parse(payload).execution);
    const namespaceId = await namespaceOf(executionId);
    if (namespaceId === undefined) return;
    await door.apply({ namespaceId, executionId, command: { type: "wake" }, actor: "engine" });
  };
}
