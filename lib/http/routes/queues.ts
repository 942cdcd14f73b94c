/** What queues may give out: pausing one, and rates of the queue and of each concurrency key. */
import { nameSchema } from "@/lib/contract/definition";
import { queueLimitsSchema } from "@/lib/contract/queues";
import { refused } from "@/lib/engine/outcome";
import { setQueueLimits } from "@/lib/engine/set-queue-limits";
import { json } from "@/lib/http/answer";
import { answer, route } from "@/lib/http/route";
import { readQueueLimits } from "@/lib/views/queue-limits";

const LIMITS = "/api/v1/queues/{queue}/limits" as const;

export const queueRoutes = [
  route({
    method: "GET",
    path: LIMITS,
    permission: "read",
    summary: "What a queue may give out; none where nobody has limited it",
    answers: { 200: queueLimitsSchema },
    async handle({ params, principal, instance }) {
      return json(200, await readQueueLimits(instance.reads, principal.namespaceId, params.queue));
    },
  }),
  route({
    method: "PUT",
    path: LIMITS,
    permission: "publish",
    audit: "queue.limit",
    summary: "Limits what a queue gives out; what is left out has no limit",
    body: queueLimitsSchema,
    answers: { 200: queueLimitsSchema },
    async handle({ params, body, principal, instance, audit }) {
      audit.tell({ details: { ...body } });
      if (!nameSchema.safeParse(params.queue).success)
        return refused("INVALID_REQUEST", "There is no such queue name.");
      return answer(await setQueueLimits(instance.services, principal, params.queue, body));
    },
  }),
];
