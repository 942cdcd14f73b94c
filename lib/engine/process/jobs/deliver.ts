/** The job `deliver`: takes to other executions what one of them has for them. */
import { z } from "zod";
import { type DeliveryPorts, deliverMessages } from "@/lib/engine/messages/deliver";

/** The source's key, in decimal; see the SQL function `write_projections`, which adds this with every message. */
const payloadSchema = z.object({ source: z.string().regex(/^\d{1,19}$/), namespace: z.int() });

/** The task may run twice, late, or beside itself: a message that is gone has had its effect. */
export function createDeliver(ports: DeliveryPorts): (payload: unknown) => Promise<void> {
  return async (payload) => {
    const { source, namespace } = payloadSchema.parse(payload);
    await deliverMessages(ports, namespace, BigInt(source));
  };
}
