/** All routes: what the server answers and what OpenAPI describes. */
import type { Route } from "@/lib/http/route";
import { actorRoutes } from "@/lib/http/routes/actors";
import { alertRoutes } from "@/lib/http/routes/alerts";
import { apiKeyRoutes } from "@/lib/http/routes/api-keys";
import { approvalRoutes } from "@/lib/http/routes/approvals";
import { auditLogRoutes } from "@/lib/http/routes/audit-log";
import { changeRoutes } from "@/lib/http/routes/changes";
import { controlRoutes } from "@/lib/http/routes/controls";
import { deadLetterRoutes } from "@/lib/http/routes/dead-letters";
import { draftRoutes } from "@/lib/http/routes/drafts";
import { executionRoutes } from "@/lib/http/routes/executions";
import { historyRoutes } from "@/lib/http/routes/histories";
import { invitationRoutes } from "@/lib/http/routes/invitations";
import { logRoutes } from "@/lib/http/routes/logs";
import { meRoutes } from "@/lib/http/routes/me";
import { memberRoutes } from "@/lib/http/routes/members";
import { namespaceExportRoutes } from "@/lib/http/routes/namespace-export";
import { namespaceSettingsRoutes } from "@/lib/http/routes/namespace-settings";
import { namespaceRoutes } from "@/lib/http/routes/namespaces";
import { operationRoutes } from "@/lib/http/routes/operations";
import { organisationRoutes } from "@/lib/http/routes/organisations";
import { overviewRoutes } from "@/lib/http/routes/overview";
import { portableRoutes } from "@/lib/http/routes/portable";
import { processRoutes } from "@/lib/http/routes/process";
import { queueRoutes } from "@/lib/http/routes/queues";
import { removalRoutes } from "@/lib/http/routes/removal";
import { savedViewRoutes } from "@/lib/http/routes/saved-views";
import { scheduleRoutes } from "@/lib/http/routes/schedules";
import { signatureRoutes } from "@/lib/http/routes/signatures";
import { statsRoutes } from "@/lib/http/routes/stats";
import { taskRoutes } from "@/lib/http/routes/tasks";
import { workerRoutes } from "@/lib/http/routes/workers";
import { workflowRoutes } from "@/lib/http/routes/workflows";

export const ROUTES: readonly Route[] = [
  ...workflowRoutes,
  ...draftRoutes,
  ...executionRoutes,
  ...historyRoutes,
  ...portableRoutes,
  ...controlRoutes,
  ...logRoutes,
  ...approvalRoutes,
  ...actorRoutes,
  ...changeRoutes,
  ...deadLetterRoutes,
  ...operationRoutes,
  ...scheduleRoutes,
  ...workerRoutes,
  ...queueRoutes,
  ...taskRoutes,
  ...overviewRoutes,
  ...statsRoutes,
  ...savedViewRoutes,
  ...namespaceSettingsRoutes,
  ...namespaceExportRoutes,
  ...removalRoutes,
  ...alertRoutes,
  ...apiKeyRoutes,
  ...invitationRoutes,
  ...meRoutes,
  ...memberRoutes,
  ...namespaceRoutes,
  ...organisationRoutes,
  ...auditLogRoutes,
  ...signatureRoutes,
  ...processRoutes(() => ROUTES),
];
