/** Failures that nobody has dealt with yet: looked at, retried, put aside, one or many at once. */
import { z } from "zod";
import { controlledSchema } from "@/lib/contract/controls";
import {
  bulkDeadLettersSchema,
  deadLetterDetailSchema,
  deadLetterFilterSchema,
  deadLetterGroupSchema,
  deadLetterSchema,
  deadLetterStatusSchema,
  resolveDeadLetterSchema,
  retryDeadLetterSchema,
} from "@/lib/contract/dead-letters";
import { operationStartedSchema } from "@/lib/contract/operations";
import { reachesWorkflow } from "@/lib/engine/caller";
import { refused } from "@/lib/engine/outcome";
import { resolveDeadLetter } from "@/lib/engine/resolve-dead-letter";
import { retryDeadLetter } from "@/lib/engine/retry-dead-letter";
import { startDeadLetterOperation } from "@/lib/engine/start-operation";
import { json } from "@/lib/http/answer";
import { idempotencyKeyOf } from "@/lib/http/idempotency-key";
import { answer, route } from "@/lib/http/route";
import { listDeadLetterGroups, listDeadLetters, readDeadLetter, readDeadLetterDetail } from "@/lib/views/dead-letters";
import { keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";

const DEAD_LETTERS = "/api/v1/dead-letters" as const;
const DEAD_LETTER = `${DEAD_LETTERS}/{deadLetter}` as const;
const page = { cursor: keyCursorSchema.optional(), limit: limitSchema };

export const deadLetterRoutes = [
  route({
    method: "GET",
    path: DEAD_LETTERS,
    permission: "read",
    keeps: ["workflows"],
    summary: "Dead letters, newest first",
    query: deadLetterFilterSchema.extend({ status: deadLetterStatusSchema.optional(), ...page }),
    answers: { 200: pageSchema(deadLetterSchema) },
    async handle({ query, principal, instance }) {
      return json(
        200,
        await listDeadLetters(instance.reads, principal.namespaceId, query, principal.limits?.workflows),
      );
    },
  }),
  route({
    method: "GET",
    path: `${DEAD_LETTERS}/groups`,
    permission: "read",
    keeps: ["workflows"],
    summary: "Open dead letters that look like one cause, the latest first; of the newest 50,000",
    query: z.strictObject(page),
    answers: { 200: pageSchema(deadLetterGroupSchema) },
    async handle({ query, principal, instance }) {
      const asked = { before: query.cursor ?? null, limit: query.limit };
      return json(
        200,
        await listDeadLetterGroups(instance.reads, principal.namespaceId, asked, principal.limits?.workflows),
      );
    },
  }),
  route({
    method: "POST",
    path: `${DEAD_LETTERS}/bulk`,
    permission: "execute",
    audit: "dead_letter.bulk",
    summary: "Retries or resolves all open ones of a filter, or those named; each is judged by itself",
    body: bulkDeadLettersSchema,
    idempotent: true,
    answers: { 202: operationStartedSchema },
    problems: ["IDEMPOTENCY_CONFLICT"],
    async handle({ body, principal, instance, request, audit }) {
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      const outcome = await startDeadLetterOperation(instance.services, principal, body, key.value);
      if (outcome.ok) audit.tell({ target: outcome.value.operationId, details: { action: body.action } });
      return answer(outcome, 202);
    },
  }),
  route({
    method: "GET",
    path: DEAD_LETTER,
    permission: "read",
    keeps: ["workflows"],
    summary: "One dead letter, with what its step was given and how each attempt failed",
    answers: { 200: deadLetterDetailSchema },
    problems: ["DEAD_LETTER_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const letter = await readDeadLetterDetail(instance.reads, principal.namespaceId, params.deadLetter);
      return letter === null || !reachesWorkflow(principal, letter.workflow)
        ? refused("DEAD_LETTER_NOT_FOUND")
        : json(200, letter);
    },
  }),
  route({
    method: "POST",
    path: `${DEAD_LETTER}/retry`,
    permission: "execute",
    keeps: ["workflows"],
    audit: "dead_letter.retry",
    summary: "Retries its execution: what failed goes on, in the same history",
    body: retryDeadLetterSchema,
    idempotent: true,
    answers: { 202: controlledSchema },
    problems: [
      "DEAD_LETTER_NOT_FOUND",
      "EXECUTION_NOT_FOUND",
      "EXECUTION_QUARANTINED",
      "NOT_RETRYABLE",
      "COMPENSATED",
      "IDEMPOTENCY_CONFLICT",
    ],
    async handle({ params, body, principal, instance, request }) {
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      return answer(await retryDeadLetter(instance.services, principal, params.deadLetter, body, key.value), 202);
    },
  }),
  route({
    method: "POST",
    path: `${DEAD_LETTER}/resolve`,
    permission: "execute",
    keeps: ["workflows"],
    audit: "dead_letter.resolve",
    summary: "Puts it aside; nothing is run again",
    body: resolveDeadLetterSchema,
    answers: { 200: deadLetterSchema },
    problems: ["DEAD_LETTER_NOT_FOUND", "DEAD_LETTER_CLOSED"],
    async handle({ params, body, principal, instance }) {
      const outcome = await resolveDeadLetter(instance.services, principal, params.deadLetter, body);
      if (!outcome.ok) return outcome;
      return json(200, await readDeadLetter(instance.reads, principal.namespaceId, params.deadLetter));
    },
  }),
];
