/** One call a task, for clients that prefer it to polls with results. */
import { z } from "zod";
import { ackSchema, completeTaskSchema, failTaskSchema, heartbeatTaskSchema } from "@/lib/contract/workers";
import { completeTask } from "@/lib/engine/complete-task";
import { failTask } from "@/lib/engine/fail-task";
import { heartbeatTask } from "@/lib/engine/heartbeat-task";
import { answer, route } from "@/lib/http/route";

const TASK = "/api/v1/tasks/{task}" as const;

export const taskRoutes = [
  route({
    method: "POST",
    path: `${TASK}/complete`,
    permission: "work",
    summary: "The task succeeded",
    body: completeTaskSchema,
    answers: { 200: ackSchema },
    problems: ["TASK_NOT_FOUND", "STALE_LEASE", "PAYLOAD_TOO_LARGE"],
    async handle({ params, body, principal, instance }) {
      return answer(await completeTask(instance.services, principal, params.task, body));
    },
  }),
  route({
    method: "POST",
    path: `${TASK}/fail`,
    permission: "work",
    summary: "The attempt failed; it is tried again as its retry policy says",
    body: failTaskSchema,
    answers: { 200: ackSchema },
    problems: ["TASK_NOT_FOUND", "STALE_LEASE", "PAYLOAD_TOO_LARGE"],
    async handle({ params, body, principal, instance }) {
      return answer(await failTask(instance.services, principal, params.task, body));
    },
  }),
  route({
    method: "POST",
    path: `${TASK}/heartbeat`,
    permission: "work",
    summary: "Extends the lease; `stale` means stop",
    body: heartbeatTaskSchema,
    answers: { 200: z.object({ taskId: z.string(), status: z.enum(["ok", "stale"]) }) },
    problems: ["TASK_NOT_FOUND", "STALE_LEASE", "PAYLOAD_TOO_LARGE"],
    async handle({ params, body, principal, instance }) {
      return answer(await heartbeatTask(instance.services, principal, params.task, body));
    },
  }),
];
