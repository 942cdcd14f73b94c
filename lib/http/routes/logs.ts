/** What workers logged while they ran the steps of an execution. */
import { z } from "zod";
import { decodeId } from "@/lib/contract/ids";
import { logPageSchema } from "@/lib/contract/logs";
import { json } from "@/lib/http/answer";
import { readExecution } from "@/lib/http/execution-ref";
import { route } from "@/lib/http/route";
import { listLogs, logCursorSchema } from "@/lib/views/logs";
import { countSchema, limitSchema } from "@/lib/views/page";

const taskSchema = z.string().transform((text, context) => {
  const key = decodeId("task", text);
  if (key !== null) return key;
  context.addIssue({ code: "custom", message: "is not the id of a task" });
  return z.NEVER;
});

export const logRoutes = [
  route({
    method: "GET",
    path: "/api/v1/executions/{execution}/logs",
    permission: "read",
    keeps: ["workflows"],
    summary: "What workers logged, oldest first; best effort, capped, and kept apart from the history",
    query: z.strictObject({
      node: z.string().max(2000).optional().describe("Inside maps a path"),
      attempt: countSchema.optional(),
      task: taskSchema.optional().describe("One attempt of one step, by the taskId of its StepScheduled"),
      cursor: logCursorSchema.optional(),
      limit: limitSchema,
    }),
    answers: { 200: logPageSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, query: { task, ...query }, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const { namespaceId } = principal;
      return json(
        200,
        await listLogs(instance.reads, { ...query, taskId: task, namespaceId, executionId: row.value.id }),
      );
    },
  }),
];
