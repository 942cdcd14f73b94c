/** Histories: read page by page or as they grow, folded, and proved. */
import { z } from "zod";
import { executionSchema, verificationSchema } from "@/lib/contract/executions";
import { eventSchema } from "@/lib/contract/history";
import { historyExportSchema } from "@/lib/contract/history-export";
import { encodeId } from "@/lib/contract/ids";
import { followEvents } from "@/lib/engine/follow-events";
import { stateOf } from "@/lib/engine/load-state";
import { refused } from "@/lib/engine/outcome";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { json } from "@/lib/http/answer";
import { eventStream, resumeAfter } from "@/lib/http/event-stream";
import { readExecution, targetOf } from "@/lib/http/execution-ref";
import { answer, route } from "@/lib/http/route";
import { listEvents } from "@/lib/views/events";
import { pastView } from "@/lib/views/execution-detail";
import { exportHistory } from "@/lib/views/history-export";
import { readValue } from "@/lib/views/large-values";
import { countSchema, limitSchema, pageSchema } from "@/lib/views/page";

const REF = "/api/v1/executions/{execution}" as const;

export const historyRoutes = [
  route({
    method: "GET",
    path: `${REF}/events`,
    permission: "read",
    keeps: ["workflows"],
    summary: "The history; sequences run 1, 2, 3 without a gap",
    query: z.strictObject({ after: countSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(eventSchema) },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, query, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      return json(200, await listEvents(instance.reads, row.value.id, query.after ?? 0, query.limit));
    },
  }),
  route({
    method: "GET",
    path: `${REF}/events/stream`,
    permission: "read",
    keeps: ["workflows"],
    summary:
      "The history as server-sent events, resumed by Last-Event-ID or after; `event: end` after a closed one's last",
    query: z.strictObject({ after: countSchema.optional() }),
    answers: { 200: "text/event-stream" },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, query, principal, instance, request, signal }) {
      const after = resumeAfter(request, query.after);
      if (!after.ok) return after;
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const pages = followEvents(instance.services, principal, params.execution, after.value, signal);
      return eventStream(pages, signal);
    },
  }),
  route({
    method: "GET",
    path: `${REF}/values/{hash}`,
    permission: "read",
    keeps: ["workflows"],
    summary: "A large value that an event or a step refers to by its hash",
    answers: { 200: z.json() },
    problems: ["EXECUTION_NOT_FOUND", "NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const text = await readValue(instance.reads, row.value.id, params.hash);
      if (text === null) return refused("NOT_FOUND", "The execution has no such value.");
      return { status: 200, headers: { "content-type": "application/json" }, body: text };
    },
  }),
  route({
    method: "GET",
    path: `${REF}/state`,
    permission: "read",
    keeps: ["workflows"],
    summary: "The execution as it was after that event, folded from its history alone",
    query: z.strictObject({ at: countSchema.refine((at) => at >= 1, "must be at least 1").optional() }),
    answers: { 200: executionSchema },
    problems: ["EXECUTION_NOT_FOUND", "EXECUTION_QUARANTINED", "NOT_FOUND"],
    async handle({ params, query, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      if (query.at !== undefined && query.at > row.value.sequence)
        return refused("NOT_FOUND", `The history ends at ${row.value.sequence}.`);
      const state = await stateOf(instance.services, targetOf(row.value, principal), query.at ?? row.value.sequence);
      return state.ok ? json(200, await pastView(instance.reads, row.value, state.value)) : state;
    },
  }),
  route({
    method: "GET",
    path: `${REF}/export`,
    permission: "read",
    keeps: ["workflows"],
    summary: "The whole history as one file that can be verified without a server; see `cerebelum-verify`",
    waits: true,
    answers: { 200: historyExportSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const { id } = row.value;
      const body = await exportHistory(instance.reads, principal.namespaceId, id);
      if (body === null) return refused("EXECUTION_NOT_FOUND");
      const headers = {
        "content-type": "application/json",
        "content-disposition": `attachment; filename="${encodeId("execution", id)}.json"`,
        "cache-control": "no-store",
        // Proxies that collect a whole answer would need the memory that this does not.
        "x-accel-buffering": "no",
      };
      return { status: 200, headers, body };
    },
  }),
  route({
    method: "POST",
    path: `${REF}/verify`,
    permission: "execute",
    keeps: ["workflows"],
    summary: "Folds the whole history anew and compares it with all that is stored",
    answers: { 200: verificationSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      return answer(await verifyExecution(instance.services, principal, params.execution));
    },
  }),
];
