/** What a page brings with its HTML, so that nobody looks at a spinner first; read by server components. */
import { grantedByRole } from "@/lib/auth/permissions";
import type { User } from "@/lib/auth/principal";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { currentInstance } from "@/lib/http/current-instance";
import { type ExecutionListQuery, listExecutions } from "@/lib/views/execution-list";
import type { Page } from "@/lib/views/page";

/** The newest executions in the person's namespace; null where they may not see them. */
export async function firstExecutions(
  user: User,
  filters: Pick<ExecutionListQuery, "workflow" | "tag" | "q" | "status">,
  limit: number,
): Promise<Page<ExecutionSummary> | null> {
  const { reads } = currentInstance();
  if (!grantedByRole(user.role).has("read")) return null;
  return listExecutions(reads, user.namespaceId, { ...filters, limit });
}
