/** What is asked before many executions are changed at once, and how the question names them. Pure. */
import { askedNow, type ExecutionFilters, listed } from "@/lib/client/execution-filters";
import type { Selected } from "@/lib/client/operations";
import { EXECUTION_STATUSES } from "@/lib/client/texts";
import type { OperationAction } from "@/lib/contract/operations";
import { mayTake } from "@/lib/core/execution/possible";
import type { Selection } from "./selection";

/** In the order in which they are offered: what repairs first, what ends last. */
export const BULK_ACTIONS: readonly OperationAction[] = ["retry", "resume", "pause", "signal", "cancel", "terminate"];

/** None of what it does can be taken back. */
export const isDestructive = (action: OperationAction) => action === "cancel" || action === "terminate";

const MANY = { destructive: 10, other: 500 };

/** So many that the number has to be typed. */
export function needsNumber(action: OperationAction, n: number): boolean {
  return n >= (isDestructive(action) ? MANY.destructive : MANY.other);
}

/** `1,000` and `1 000` are 1000. */
export function isNumberTyped(text: string, n: number): boolean {
  return text.replaceAll(/[\s,.]/g, "") === String(n);
}

/**
 * Those of the selection that can take the action, so that nothing is asked for that would be refused: by their ids, or by
 * the filters, narrowed to the statuses it makes sense in.
 */
export function selectedFor(
  action: OperationAction,
  { isAll, ticked }: Selection,
  filters: ExecutionFilters,
  nowMs: number,
): Selected {
  if (!isAll) return { ids: [...ticked].filter(([, status]) => mayTake(action, { status })).map(([id]) => id) };
  const asked = listed(filters.status);
  const statuses = EXECUTION_STATUSES.filter(
    (status) => mayTake(action, { status }) && (asked.length === 0 || asked.includes(status)),
  );
  return { filter: { ...askedNow(filters, nowMs), status: statuses.join(",") } };
}
