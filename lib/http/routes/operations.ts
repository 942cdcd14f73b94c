/** One action on many executions, and how far it is. */
import { operationSchema, operationStartedSchema, startOperationSchema } from "@/lib/contract/operations";
import { refused } from "@/lib/engine/outcome";
import { startOperation } from "@/lib/engine/start-operation";
import { json } from "@/lib/http/answer";
import { idempotencyKeyOf } from "@/lib/http/idempotency-key";
import { answer, route } from "@/lib/http/route";
import { readOperation } from "@/lib/views/operations";

export const operationRoutes = [
  route({
    method: "POST",
    path: "/api/v1/executions/bulk",
    permission: "execute",
    audit: "execution.bulk",
    summary: "One action on all executions of a filter, or on those named; each is judged by itself",
    body: startOperationSchema,
    idempotent: true,
    answers: { 202: operationStartedSchema },
    problems: ["IDEMPOTENCY_CONFLICT"],
    async handle({ body, principal, instance, request, audit }) {
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      const outcome = await startOperation(instance.services, principal, body, key.value);
      if (outcome.ok) audit.tell({ target: outcome.value.operationId, details: { action: body.action } });
      return answer(outcome, 202);
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/operations/{operation}",
    permission: "read",
    summary: "How far an operation is",
    answers: { 200: operationSchema },
    problems: ["OPERATION_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const operation = await readOperation(instance.reads, principal.namespaceId, params.operation);
      return operation === null ? refused("OPERATION_NOT_FOUND") : json(200, operation);
    },
  }),
];
