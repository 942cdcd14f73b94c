/** What a page brings with its HTML, so that nobody looks at a spinner first; read by server components. */
import { namespaceByName } from "@/db/queries/namespaces";
import { firstRow } from "@/db/queries/query";
import type { User } from "@/lib/auth/principal";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { currentInstance } from "@/lib/http/current-instance";
import { type ExecutionListQuery, listExecutions } from "@/lib/views/execution-list";
import type { Page } from "@/lib/views/page";

/** The newest executions in the person's namespace; null where there is no such namespace. */
export async function firstExecutions(
  user: User,
  filters: Pick<ExecutionListQuery, "workflow" | "tag" | "q" | "status">,
  limit: number,
): Promise<Page<ExecutionSummary> | null> {
  const { reads } = currentInstance();
  const namespace = await firstRow(reads, namespaceByName(user.namespace));
  return namespace && listExecutions(reads, namespace.id, { ...filters, limit });
}
