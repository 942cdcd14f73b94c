/** The job that wakes an execution: applies everything whose time has come and arms what comes next, through the one door. */
import { z } from "zod";
import type { Door } from "@/lib/engine/door/door";

/** The execution's key, in decimal; see the flush function, which writes this with every deadline it arms. */
const payloadSchema = z.object({ execution: z.string().regex(/^\d{1,19}$/), namespace: z.int() });

/** The task may run twice, late, early, or beside itself: a wake that finds nothing due changes nothing. */
export function createWake({ door }: { door: Door }): (payload: unknown) => Promise<void> {
  return async (payload) => {
    const { execution, namespace } = payloadSchema.parse(payload);
    await door.apply({
      namespaceId: namespace,
      executionId: BigInt(execution),
      command: { type: "wake" },
      actor: "engine",
    });
  };
}
