/** What needs somebody's attention. */
import { overviewSchema } from "@/lib/contract/overview";
import { json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { readOverview } from "@/lib/views/overview";

/** How old an answer may be: many dashboards of one namespace cost no more than one. */
const KEPT_MS = 3_000;

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
      const { namespaceId, limits } = principal;
      const workflows = limits?.workflows;
      const key = JSON.stringify(["overview", namespaceId, workflows]);
      const overview = await instance.recent.answer(key, KEPT_MS, () =>
        readOverview(instance.reads, namespaceId, instance.clock.now(), workflows),
      );
      return json(200, overview);
    },
  }),
];
