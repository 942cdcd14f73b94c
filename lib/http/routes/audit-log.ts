/** The audit log of the caller's organisation: by pages, and as a whole for whoever keeps it elsewhere. */
import { z } from "zod";
import { auditEntrySchema, auditFilterSchema } from "@/lib/contract/audit";
import { json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { asLines, asTable, everyEntry, listAuditLog } from "@/lib/views/audit-log";
import { keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";

const AUDIT_LOG = "/api/v1/audit-log" as const;

export const auditLogRoutes = [
  route({
    method: "GET",
    path: AUDIT_LOG,
    permission: "administer",
    summary: "Who did what, and what was refused, newest first",
    query: auditFilterSchema.extend({ cursor: keyCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(auditEntrySchema) },
    async handle({ query: { cursor = null, limit, ...filter }, principal, instance }) {
      const page = { before: cursor, limit };
      return json(200, await listAuditLog(instance.reads, principal.organisationId, filter, page));
    },
  }),
  route({
    method: "GET",
    path: `${AUDIT_LOG}/export`,
    permission: "administer",
    audit: "audit_log.export",
    summary: "All entries of a filter, newest first: one JSON object a line, or a table",
    query: auditFilterSchema.extend({ format: z.enum(["ndjson", "csv"]).optional().describe("Default: ndjson") }),
    answers: { 200: "application/x-ndjson" },
    waits: true,
    handle({ query: { format = "ndjson", ...filter }, principal, instance, request, audit }) {
      audit.tell({ target: null, details: { query: request.search.slice(0, 1_000) } });
      const entries = everyEntry(instance.reads, principal.organisationId, filter);
      const [type, body] =
        format === "csv" ? ["text/csv; charset=utf-8", asTable(entries)] : ["application/x-ndjson", asLines(entries)];
      const headers = {
        "content-type": type,
        "content-disposition": `attachment; filename="audit-log.${format}"`,
        "cache-control": "no-store",
      };
      return { status: 200, headers, body };
    },
  }),
];
