/**
 * Proves an execution from its history alone: folds every event from the first, with neither cache nor snapshot, and
 * compares the outcome with everything that is stored beside it.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Queryable } from "@/db/client";
import { type StoredSnapshot, snapshotsOf, storedProjections, valuesOf } from "@/db/queries/verification";
import { readEvents } from "@/db/stores/histories";
import type { Verification } from "@/lib/contract/executions";
import type { HistoryEvent } from "@/lib/contract/history";
import { canonicalJson } from "@/lib/contract/json";
import { evolve } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import { serializeState } from "@/lib/core/execution/serialize-state";
import { type ExecutionState, STATE_VERSION } from "@/lib/core/execution/state";
import type { Caller } from "./caller";
import { compareProjections, type Difference } from "./compare-projections";
import type { Target } from "./door/door";
import { toHistoryEvent } from "./door/event-store";
import { firstHead, nextHead } from "./door/hash-chain";
import { findExecution } from "./execution-ref";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

const PAGE = 1_000;

/**
 * What is stored is read as of one moment, then the events up to that moment's sequence, which nothing may change any more:
 * so it needs no long transaction, and may run while the execution goes on.
 */
export async function verifyExecution(
  services: Pick<Services, "db" | "graphs">,
  caller: Caller,
  ref: string,
): Promise<Outcome<Verification>> {
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return target;
  const { namespaceId, executionId } = target.value;
  const stored = await storedProjections(services.db, namespaceId, executionId);
  if (stored === null) return refused("EXECUTION_NOT_FOUND");
  const graph = await services.graphs.load(namespaceId, stored.workflowId, stored.version);
  const folded = await foldAll(services.db, target.value, initialState(graph), stored.sequence);
  const differences = [...folded.differences];
  if (folded.complete) {
    differences.push(...compareProjections(stored, folded));
    differences.push(...missingValues(await valuesOf(services.db, executionId), folded.values));
  }
  return done({ consistent: differences.length === 0, sequence: stored.sequence, differences });
}

interface FoldedAnew {
  state: ExecutionState;
  head: Buffer;
  /** Hashes of the large values that the events refer to. */
  values: Set<string>;
  differences: Difference[];
  /** Whether every event was there and could be folded. */
  complete: boolean;
}

async function foldAll(
  db: Queryable,
  { executionId }: Target,
  initial: ExecutionState,
  until: number,
): Promise<FoldedAnew> {
  const snapshots = new Map((await snapshotsOf(db, executionId, STATE_VERSION)).map((one) => [one.sequence, one]));
  const fold: FoldedAnew = {
    state: initial,
    head: firstHead(executionId),
    values: new Set(),
    differences: [],
    complete: false,
  };
  while (fold.state.sequence < until) {
    const rows = await readEvents(db, executionId, fold.state.sequence, Math.min(PAGE, until - fold.state.sequence));
    if (rows.length === 0) return broken(fold, until, "nothing: the history ends here");
    for (const row of rows) {
      const expected = fold.state.sequence + 1;
      if (row.sequence !== expected) return broken(fold, expected, `event ${row.sequence}`);
      try {
        step(fold, toHistoryEvent(row));
      } catch (error) {
        return broken(fold, expected, `${row.type}, which does not fold: ${String(error)}`);
      }
      const snapshot = snapshots.get(row.sequence);
      if (snapshot !== undefined) fold.differences.push(...compareSnapshot(snapshot, fold));
    }
    await nextTurn();
  }
  return { ...fold, complete: true };
}

function step(fold: FoldedAnew, event: HistoryEvent): void {
  fold.state = evolve(fold.state, event);
  fold.head = nextHead(fold.head, event);
  for (const name of ["inputRef", "outputRef"] as const) {
    const ref = (event.data as Partial<Record<typeof name, { hash: string }>>)[name];
    if (ref !== undefined) fold.values.add(ref.hash);
  }
}

function broken(fold: FoldedAnew, expected: number, found: string): FoldedAnew {
  return {
    ...fold,
    differences: [...fold.differences, { where: "events", stored: found, folded: `event ${expected}` }],
  };
}

function compareSnapshot(stored: StoredSnapshot, fold: FoldedAnew): Difference[] {
  const where = `snapshots[${stored.sequence}]`;
  const differences: Difference[] = [];
  if (canonicalJson(JSON.parse(stored.state)) !== canonicalJson(serializeState(fold.state)))
    differences.push({ where: `${where}.state`, stored: "another state", folded: "the state after that event" });
  if (!stored.head.equals(fold.head))
    differences.push({
      where: `${where}.head`,
      stored: stored.head.toString("hex"),
      folded: fold.head.toString("hex"),
    });
  return differences;
}

function missingValues(
  stored: readonly { hash: string; intact: boolean }[],
  needed: ReadonlySet<string>,
): Difference[] {
  const intact = new Map(stored.map(({ hash, intact }) => [hash, intact]));
  return [...needed].flatMap((hash) => {
    if (intact.get(hash) === true) return [];
    const found = intact.has(hash) ? "another text" : null;
    return [{ where: `payloads[${hash}]`, stored: found, folded: "the text with that hash" }];
  });
}
