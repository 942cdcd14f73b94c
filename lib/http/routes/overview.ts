/** What needs somebody's attention. */
import { overviewSchema } from "@/lib/contract/overview";
import { json } from "@/lib/http/answer";
import { recentOverview } from "@/lib/http/recent-overview";
import { route } from "@/lib/http/route";

export const overviewRoutes = [
  route({
    method: "GET",
    path: "/api/v1/overview",
    permission: "read",
    keeps: ["workflows"],
    summary:
      "What failed, what is stuck, who is waited for, and which queues and schedules are in trouble; at most 3 s old",
    answers: { 200: overviewSchema },
    async handle({ principal, instance }) {
      return json(200, await recentOverview(instance, principal.namespaceId, principal.limits?.workflows));
    },
  }),
];
