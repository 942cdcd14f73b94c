/** All routes: what the server answers and what OpenAPI describes. */
import type { Route } from "@/lib/http/route";
import { approvalRoutes } from "@/lib/http/routes/approvals";
import { controlRoutes } from "@/lib/http/routes/controls";
import { deadLetterRoutes } from "@/lib/http/routes/dead-letters";
import { executionRoutes } from "@/lib/http/routes/executions";
import { historyRoutes } from "@/lib/http/routes/histories";
import { logRoutes } from "@/lib/http/routes/logs";
import { operationRoutes } from "@/lib/http/routes/operations";
import { processRoutes } from "@/lib/http/routes/process";
import { queueRoutes } from "@/lib/http/routes/queues";
import { scheduleRoutes } from "@/lib/http/routes/schedules";
import { taskRoutes } from "@/lib/http/routes/tasks";
import { workerRoutes } from "@/lib/http/routes/workers";
import { workflowRoutes } from "@/lib/http/routes/workflows";

export const ROUTES: readonly Route[] = [
  ...workflowRoutes,
  ...executionRoutes,
  ...historyRoutes,
  ...controlRoutes,
  ...logRoutes,
  ...approvalRoutes,
  ...deadLetterRoutes,
  ...operationRoutes,
  ...scheduleRoutes,
  ...workerRoutes,
  ...queueRoutes,
  ...taskRoutes,
  ...processRoutes(() => ROUTES),
];
