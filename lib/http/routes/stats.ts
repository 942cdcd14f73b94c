/** How executions went over time. */
import { z } from "zod";
import { statsSchema, statsWindowSchema } from "@/lib/contract/stats";
import { json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { readStats, statsKeptMs } from "@/lib/views/stats";

export const statsRoutes = [
  route({
    method: "GET",
    path: "/api/v1/stats",
    permission: "read",
    keeps: ["workflows"],
    summary:
      "How many executions started and closed in a window of time, and how long they took; some seconds old at most",
    query: z.strictObject({
      window: statsWindowSchema.optional().describe("Default 24h"),
      workflow: z.string().max(128).optional(),
    }),
    answers: { 200: statsSchema },
    async handle({ query: { window = "24h", workflow }, principal, instance }) {
      const { namespaceId, limits } = principal;
      const workflows = limits?.workflows;
      const key = JSON.stringify(["stats", namespaceId, window, workflow, workflows]);
      const stats = await instance.recent.answer(key, statsKeptMs(window), () =>
        readStats(instance.reads, namespaceId, { window, workflow }, instance.clock.now(), workflows),
      );
      return json(200, stats);
    },
  }),
];
