/**
 * An execution proved from its history alone: every event folded from the first, with neither cache nor snapshot, and the
 * outcome held against everything that is stored beside it.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Queryable } from "@/db/client";
import { PayloadDamaged } from "@/db/payload-codec";
import { allRows } from "@/db/queries/query";
import { signingKeys } from "@/db/queries/signatures";
import {
  type StoredProjections,
  type StoredSnapshot,
  snapshotsOf,
  storedProjections,
  valuesOf,
} from "@/db/queries/verification";
import { readEvents } from "@/db/stores/histories";
import type { Verification } from "@/lib/contract/executions";
import type { HistoryEvent } from "@/lib/contract/history";
import { encodeId } from "@/lib/contract/ids";
import { canonicalJson } from "@/lib/contract/json";
import { evolve } from "@/lib/core/execution/evolve";
import { type SerializedState, serializeState } from "@/lib/core/execution/serialize-state";
import { type ExecutionState, STATE_VERSION } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { valueRefs } from "@/lib/core/execution/value-refs";
import { compareProjections, type Difference, type FoldedHistory } from "./compare-projections";
import type { Target } from "./door/door";
import { toHistoryEvent } from "./door/event-store";
import { follow, noFollowUps } from "./door/follow-ups";
import { firstHead, nextHead } from "./door/hash-chain";
import { boundState, namedGraphs } from "./door/named-graphs";
import type { Graphs } from "./graphs";
import { type Close, compareSignatures } from "./signing/compare-signatures";

const PAGE = 1_000;

export interface Proof {
  stored: StoredProjections;
  /** As far as the events could be folded. */
  state: ExecutionState;
  differences: Difference[];
  signature: Verification["signature"];
}

/**
 * What is stored is read as of one moment, then the events up to that moment's sequence, which nothing may change any more:
 * so it needs no long transaction, and may run while the execution goes on. Null where there is no such execution.
 */
export async function proveExecution(
  { db, graphs }: { db: Queryable; graphs: Graphs },
  { namespaceId, executionId }: Target,
): Promise<Proof | null> {
  const stored = await storedProjections(db, namespaceId, executionId);
  if (stored === null) return null;
  const initial = boundState(await namedGraphs(db, graphs, { ...stored, namespaceId }));
  const folded = await foldAll(db, executionId, initial, stored);
  const { state } = folded;
  if (!folded.complete) return { stored, state, differences: folded.differences, signature: UNKNOWN };
  const signed = compareSignatures(
    { ...folded, executionId, namespaceId, sequence: state.sequence, isClosed: isClosed(state) },
    stored.signatures,
    await allRows(db, signingKeys()),
  );
  const differences = [
    ...folded.differences,
    ...compareProjections(stored, folded),
    ...missingValues(await valuesOf(db, executionId), folded.values),
    ...signed.differences,
  ];
  return { stored, state, differences, signature: signed.signature };
}

const UNKNOWN: Verification["signature"] = { status: "unknown", keyId: null, sequence: null };

interface FoldedAnew extends FoldedHistory {
  /** Events of the last command, whose follow-ups wait for the state after it. */
  command: HistoryEvent[];
  /** Hashes of the large values that the events refer to. */
  values: Set<string>;
  closes: Close[];
  /** At the sequences that signatures name. */
  heads: Map<number, Buffer>;
  differences: Difference[];
  /** Whether every event was there and could be folded. */
  complete: boolean;
}

async function foldAll(
  db: Queryable,
  id: bigint,
  initial: ExecutionState,
  { sequence: until, signatures }: StoredProjections,
): Promise<FoldedAnew> {
  const signed = new Set(signatures.map(({ sequence }) => sequence));
  const snapshots = new Map((await snapshotsOf(db, id, STATE_VERSION)).map((one) => [one.sequence, one]));
  const fold: FoldedAnew = {
    state: initial,
    head: firstHead(id),
    followUps: noFollowUps(),
    forkedFrom: null,
    command: [],
    values: new Set(),
    closes: [],
    heads: new Map(),
    differences: [],
    complete: false,
  };
  const executionId = encodeId("execution", id);
  while (fold.state.sequence < until) {
    const rows = await readEvents(db, id, fold.state.sequence, Math.min(PAGE, until - fold.state.sequence)).catch(
      damage,
    );
    if (rows instanceof PayloadDamaged) return broken(fold, fold.state.sequence + 1, rows.message);
    if (rows.length === 0) return broken(fold, until, "nothing: the history ends here");
    for (const row of rows) {
      const expected = fold.state.sequence + 1;
      if (row.sequence !== expected) return broken(fold, expected, `event ${row.sequence}`);
      try {
        step(fold, executionId, toHistoryEvent(row));
      } catch (error) {
        return broken(fold, expected, `${row.type}, which does not fold: ${String(error)}`);
      }
      if (signed.has(row.sequence)) fold.heads.set(row.sequence, fold.head);
      const snapshot = snapshots.get(row.sequence);
      if (snapshot !== undefined) fold.differences.push(...compareSnapshot(snapshot, fold));
    }
    await nextTurn();
  }
  followCommand(fold, executionId);
  return { ...fold, complete: true };
}

function damage(error: unknown): PayloadDamaged {
  if (error instanceof PayloadDamaged) return error;
  throw error;
}

function step(fold: FoldedAnew, executionId: string, event: HistoryEvent): void {
  if (event.sequence === event.command) followCommand(fold, executionId);
  if (event.type === "ExecutionForked") {
    // What was copied had its consequences elsewhere.
    fold.followUps = noFollowUps();
    fold.closes = [];
    fold.forkedFrom = event.data.source;
  }
  fold.command.push(event);
  fold.state = evolve(fold.state, event);
  fold.head = nextHead(fold.head, event);
  for (const hash of valueRefs(event)) fold.values.add(hash);
}

function followCommand(fold: FoldedAnew, executionId: string): void {
  const last = fold.command.at(-1);
  if (last !== undefined && isClosed(fold.state))
    fold.closes.push({ sequence: last.sequence, at: Date.parse(last.at), head: fold.head });
  for (const event of fold.command) follow(fold.followUps, executionId, event, fold.state);
  fold.command = [];
  // Messages are on their way or have arrived; nothing is left of them that could be compared.
  fold.followUps.messages = [];
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
  if (canonicalJson(untraced(JSON.parse(stored.state))) !== canonicalJson(untraced(serializeState(fold.state))))
    differences.push({ where: `${where}.state`, stored: "another state", folded: "the state after that event" });
  if (!stored.head.equals(fold.head))
    differences.push({
      where: `${where}.head`,
      stored: stored.head.toString("hex"),
      folded: fold.head.toString("hex"),
    });
  return differences;
}

/** Builds that knew no traces wrote snapshots without them: nothing that an execution does depends on it. */
function untraced({ trace: _, ...state }: SerializedState): SerializedState {
  return state;
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
