/** One execution as a file that opens in any browser, without a server. */
import { encodeId } from "@/lib/contract/ids";
import { refused } from "@/lib/engine/outcome";
import { readExecution } from "@/lib/http/execution-ref";
import { route } from "@/lib/http/route";
import { portableFile } from "@/lib/views/portable";

export const portableRoutes = [
  route({
    method: "GET",
    path: "/api/v1/executions/{execution}/file",
    permission: "read",
    keeps: ["workflows"],
    summary: "The execution as one HTML page that holds its history and shows it anywhere, without a server",
    waits: true,
    answers: { 200: "text/html" },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, principal, instance: { reads, clock } }) {
      const row = await readExecution(reads, principal, params.execution);
      if (!row.ok) return row;
      const body = await portableFile({
        reads,
        namespaceId: principal.namespaceId,
        row: row.value,
        now: clock.now(),
      });
      if (body === null) return refused("EXECUTION_NOT_FOUND");
      const headers = {
        "content-type": "text/html; charset=utf-8",
        // Saved, never opened here: the page would be one of this site's own.
        "content-disposition": `attachment; filename="${encodeId("execution", row.value.id)}.html"`,
        "content-security-policy": "sandbox",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      };
      return { status: 200, headers, body };
    },
  }),
];
