/** All routes: what the server answers and what OpenAPI describes. */
import type { Route } from "@/lib/http/route";
import { executionRoutes } from "@/lib/http/routes/executions";
import { processRoutes } from "@/lib/http/routes/process";
import { taskRoutes } from "@/lib/http/routes/tasks";
import { workerRoutes } from "@/lib/http/routes/workers";
import { workflowRoutes } from "@/lib/http/routes/workflows";

export const ROUTES: readonly Route[] = [
  ...workflowRoutes,
  ...executionRoutes,
  ...workerRoutes,
  ...taskRoutes,
  ...processRoutes(() => ROUTES),
];
