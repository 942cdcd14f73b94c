/** What a page brings with its HTML, so that nobody looks at a spinner first; read by server components. */
import { invitationByToken } from "@/db/queries/invitations";
import { firstRow } from "@/db/queries/query";
import { hashSecret } from "@/lib/auth/api-keys";
import { type SignInWays, signInWays } from "@/lib/auth/people/sign-in-ways";
import type { User } from "@/lib/auth/principal";
import type { ExecutionFilter, ExecutionSummary } from "@/lib/contract/executions";
import type { Overview } from "@/lib/contract/overview";
import { grantedByRole, isRole, type Role } from "@/lib/contract/permissions";
import { currentInstance } from "@/lib/http/current-instance";
import { recentOverview } from "@/lib/http/recent-overview";
import { listExecutions } from "@/lib/views/execution-list";
import type { Page } from "@/lib/views/page";

/** The newest executions in the person's namespace; null where they may not see them. */
export async function firstExecutions(
  user: User,
  filters: ExecutionFilter,
  limit: number,
): Promise<Page<ExecutionSummary> | null> {
  const { reads } = currentInstance();
  if (!grantedByRole(user.role).has("read")) return null;
  return listExecutions(reads, user.namespaceId, { ...filters, limit });
}

/** What needs attention in the person's namespace; null where they may not see it. */
export async function firstOverview(user: User): Promise<Overview | null> {
  if (!grantedByRole(user.role).has("read")) return null;
  return recentOverview(currentInstance(), user.namespaceId, undefined);
}

/** By which ways one gets in here. */
export function signInOptions(): SignInWays {
  return signInWays(currentInstance().config);
}

export interface ShownInvitation {
  organisation: string;
  email: string;
  role: Role;
}

/** What an invitation says to whoever has its token; null where it cannot be accepted any more. */
export async function shownInvitation(token: string): Promise<ShownInvitation | null> {
  const { reads, clock } = currentInstance();
  const row = await firstRow(reads, invitationByToken(hashSecret(token)));
  if (row === null || row.acceptedAt !== null || row.revokedAt !== null) return null;
  if (row.expiresAt.getTime() <= clock.now() || !isRole(row.role)) return null;
  return { organisation: row.organisation, email: row.email, role: row.role };
}
