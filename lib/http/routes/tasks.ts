/** One call a task, for clients that prefer it to polls with results. */
import {
  ackSchema,
  completeTaskSchema,
  failTaskSchema,
  heartbeatTaskSchema,
  renewalAckSchema,
} from "@/lib/contract/workers";
import { completeTask } from "@/lib/engine/complete-task";
import { failTask } from "@/lib/engine/fail-task";
import { heartbeatTask } from "@/lib/engine/heartbeat-task";
import { answer, route } from "@/lib/http/route";

const TASK = "/api/v1/tasks/{task}" as const;
const PROBLEMS = ["TASK_NOT_FOUND", "STALE_LEASE", "EXECUTION_QUARANTINED", "TOO_MANY_CHECKPOINTS"] as const;

export const taskRoutes = [
  route({
    method: "POST",
    path: `${TASK}/complete`,
    permission: "work",
    keeps: ["queues"],
    summary: "The task succeeded",
    body: completeTaskSchema,
    answers: { 200: ackSchema },
    problems: PROBLEMS,
    async handle({ params, body, principal, instance }) {
      return answer(await completeTask(instance.services, principal, params.task, body));
    },
  }),
  route({
    method: "POST",
    path: `${TASK}/fail`,
    permission: "work",
    keeps: ["queues"],
    summary: "The attempt failed; it is tried again as its retry policy says",
    body: failTaskSchema,
    answers: { 200: ackSchema },
    problems: PROBLEMS,
    async handle({ params, body, principal, instance }) {
      return answer(await failTask(instance.services, principal, params.task, body));
    },
  }),
  route({
    method: "POST",
    path: `${TASK}/heartbeat`,
    permission: "work",
    keeps: ["queues"],
    summary: "Extends the lease, and records what the handler noted down",
    body: heartbeatTaskSchema,
    answers: { 200: renewalAckSchema },
    problems: PROBLEMS,
    async handle({ params, body, principal, instance }) {
      return answer(await heartbeatTask(instance.services, principal, params.task, body));
    },
  }),
];
