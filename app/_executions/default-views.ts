/** The views that everyone has: what is looked for most often when something is wrong. Which statuses are meant, the core says. */
import { EXECUTION_STATUSES } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { isClosed, isRetryable } from "@/lib/core/execution/statuses";

const words = executionsTexts.views;

const statuses = (meant: (execution: { status: ExecutionStatus }) => boolean) =>
  EXECUTION_STATUSES.filter((status) => meant({ status })).join(",");

interface DefaultView {
  id: string;
  name: string;
  query: string;
}

export const DEFAULT_VIEWS: readonly DefaultView[] = [
  { id: "all", name: words.all, query: "" },
  { id: "failed-today", name: words.failedToday, query: `status=${statuses(isRetryable)}&closedAfter=today` },
  {
    id: "open-long",
    name: words.openLong,
    query: `status=${statuses((execution) => !isClosed(execution))}&startedBefore=1h`,
  },
  { id: "waiting", name: words.waiting, query: "status=waiting" },
];
