/** Workers: joining, heartbeats, being given tasks, leaving; and the queues they serve. */
import { z } from "zod";
import {
  heartbeatAnswerSchema,
  heartbeatSchema,
  pollAnswerSchema,
  pollSchema,
  queueSchema,
  registerWorkerSchema,
  workerRegisteredSchema,
  workerSchema,
} from "@/lib/contract/workers";
import { drainWorker } from "@/lib/engine/drain-worker";
import { heartbeat } from "@/lib/engine/heartbeat";
import { poll } from "@/lib/engine/poll";
import { registerWorker } from "@/lib/engine/register-worker";
import { removeWorker } from "@/lib/engine/remove-worker";
import { empty, json } from "@/lib/http/answer";
import { answer, route } from "@/lib/http/route";
import { keyCursorSchema, limitSchema, nameCursorSchema, pageSchema } from "@/lib/views/page";
import { listQueues, listWorkers } from "@/lib/views/workers";

const WORKER = "/api/v1/workers/{worker}" as const;

export const workerRoutes = [
  route({
    method: "POST",
    path: "/api/v1/workers",
    permission: "work",
    keeps: ["queues"],
    summary: "Registers a worker with the tasks it runs and the queues it serves",
    body: registerWorkerSchema,
    answers: { 201: workerRegisteredSchema },
    async handle({ body, principal, instance }) {
      return answer(await registerWorker(instance.services, principal, body), 201);
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/workers",
    permission: "read",
    summary: "Workers, newest first, offline ones included",
    query: z.strictObject({ cursor: keyCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(workerSchema) },
    async handle({ query, principal, instance }) {
      const page = { before: query.cursor ?? null, limit: query.limit };
      return json(200, await listWorkers(instance.reads, principal.namespaceId, instance.clock.now(), page));
    },
  }),
  route({
    method: "POST",
    path: `${WORKER}/poll`,
    waits: true,
    permission: "work",
    keeps: ["queues"],
    summary: "Delivers results and asks for tasks in one call; with no results it waits for a task",
    body: pollSchema,
    judgedLater: "results",
    answers: { 200: pollAnswerSchema },
    problems: ["WORKER_NOT_FOUND"],
    async handle({ params, body, principal, instance, signal }) {
      return answer(await poll(instance.services, principal, params.worker, body, signal));
    },
  }),
  route({
    method: "POST",
    path: `${WORKER}/heartbeat`,
    permission: "work",
    keeps: ["queues"],
    summary: "Extends the leases it names and hears which tasks to stop",
    body: heartbeatSchema,
    judgedLater: "running",
    answers: { 200: heartbeatAnswerSchema },
    problems: ["WORKER_NOT_FOUND"],
    async handle({ params, body, principal, instance }) {
      return answer(await heartbeat(instance.services, principal, params.worker, body));
    },
  }),
  route({
    method: "POST",
    path: `${WORKER}/drain`,
    permission: "work",
    keeps: ["queues"],
    summary: "Tells the worker at its next heartbeat to finish what it has; it gets no more tasks",
    answers: { 204: null },
    problems: ["WORKER_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const outcome = await drainWorker(instance.services, principal, params.worker);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
  route({
    method: "DELETE",
    path: WORKER,
    permission: "work",
    keeps: ["queues"],
    summary: "The worker leaves; its leases are released at once and burn no attempt",
    answers: { 204: null },
    problems: ["WORKER_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const outcome = await removeWorker(instance.services, principal, params.worker);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/queues",
    permission: "read",
    summary: "Queues by name, with what is ready and running in them and who serves them",
    query: z.strictObject({ cursor: nameCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(queueSchema) },
    async handle({ query, principal, instance }) {
      const page = { after: query.cursor ?? "", limit: query.limit };
      return json(200, await listQueues(instance.reads, principal.namespaceId, instance.clock.now(), page));
    },
  }),
];
