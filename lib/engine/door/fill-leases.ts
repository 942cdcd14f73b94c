/** Leased rows as the tasks of the poll that asked for them. */
import type { LeasedRow } from "@/db/stores/flush";
import type { StepAttempts } from "@/db/stores/heartbeat-details";
import type { JsonValue } from "@/lib/contract/json";
import type { Task } from "@/lib/contract/workers";
import type { LeaseRequest } from "./door";
import { UnfoldableHistory } from "./event-store";
import type { Folded } from "./folded";
import { attemptsBefore, knowsTask, taskMessage, valuesOfTask } from "./task-message";

export interface LeaseSources {
  /** The execution's folded state if it is at hand. */
  cached(id: bigint): Folded | undefined;
  /** The same from the database, as of now. */
  load(ids: readonly bigint[]): Promise<Map<bigint, Folded | UnfoldableHistory>>;
  values(id: bigint, hashes: readonly string[]): Promise<ReadonlyMap<string, JsonValue>>;
  /** What the heartbeats of earlier attempts left for these steps, as JSON text, in order. */
  details(steps: readonly StepAttempts[]): Promise<(string | null)[]>;
}

/**
 * With no rows the request is answered in this very turn, so that it can park and miss nothing. A row whose message cannot be
 * made (its history does not fold) is left out: nobody names that lease, and it is released.
 */
export function fillLeases(
  requests: readonly LeaseRequest[],
  leases: readonly LeasedRow[][],
  sources: LeaseSources,
): void {
  requests.forEach((request, i) => {
    const rows = leases[i] ?? [];
    if (rows.length === 0) request.fill([]);
    else toTasks(rows, sources).then(request.fill.bind(request), request.fail.bind(request));
  });
}

async function toTasks(rows: readonly LeasedRow[], sources: LeaseSources): Promise<Task[]> {
  const folded = new Map<bigint, Folded | UnfoldableHistory>();
  const missing = new Set<bigint>();
  for (const row of rows) {
    const cached = sources.cached(BigInt(row.e));
    if (cached !== undefined && knowsTask(cached, row)) folded.set(cached.id, cached);
    else missing.add(BigInt(row.e));
  }
  if (missing.size > 0) for (const [id, loaded] of await sources.load([...missing])) folded.set(id, loaded);

  const known = rows.flatMap((row) => {
    const execution = folded.get(BigInt(row.e));
    if (execution === undefined || execution instanceof UnfoldableHistory || !knowsTask(execution, row)) return [];
    return [{ execution, row }];
  });
  const details = await detailsOf(known, sources);
  const tasks: Task[] = [];
  for (const { execution, row } of known) {
    const hashes = valuesOfTask(execution, row);
    const values = hashes.length === 0 ? NO_VALUES : await sources.values(execution.id, hashes);
    tasks.push(taskMessage(execution, row, values, row.details ?? details.get(row) ?? null));
  }
  return tasks;
}

/** Asked only for attempts after the first whose own rows tell nothing. */
async function detailsOf(
  known: readonly { execution: Folded; row: LeasedRow }[],
  sources: LeaseSources,
): Promise<ReadonlyMap<LeasedRow, string | null>> {
  const asked = known.flatMap(({ execution, row }) => {
    const before = row.details === null ? attemptsBefore(execution, row) : null;
    if (before === null) return [];
    const { id: executionId, namespaceId } = execution;
    return [{ row, step: { namespaceId, executionId, step: row.r, ...before } }];
  });
  if (asked.length === 0) return NO_DETAILS;
  const found = await sources.details(asked.map(({ step }) => step));
  return new Map(asked.map(({ row }, i) => [row, found[i] ?? null]));
}

const NO_DETAILS: ReadonlyMap<LeasedRow, string | null> = new Map();
const NO_VALUES: ReadonlyMap<string, JsonValue> = new Map();
