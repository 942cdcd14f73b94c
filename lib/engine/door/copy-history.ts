/**
 * The part of a history that a fork begins with, read and folded under the fork's own id. Nothing is written: the flush
 * copies the events where they are stored, and fails if they are not all there any more.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Queryable } from "@/db/client";
import { readCommandOf, readEvents, readExecutions, sizeOfValues } from "@/db/stores/histories";
import { isClosed } from "@/lib/core/execution/statuses";
import { valueRefs } from "@/lib/core/execution/value-refs";
import type { Graphs } from "../graphs";
import { type Applied, type ForkSubmission, MAX_FORK_BYTES, MAX_FORK_EVENTS } from "./door";
import { foldRows, toHistoryEvent, UnfoldableHistory, UnreadableHistory, unfoldable } from "./event-store";
import { type Folded, nothingFolded } from "./folded";
import { nextHead } from "./hash-chain";
import { boundState, namedGraphs } from "./named-graphs";

export interface Copy {
  source: bigint;
  /** Up to its last event, and nothing after it. */
  folded: Folded;
  /** Hashes of the large values that the copied events refer to. */
  values: string[];
}

type Refused = Extract<Applied["reply"], "not-found" | "quarantined" | "closed" | "too-large">;

const SLICE = 1_000;

/** @param executionId of the fork */
export async function copyHistory(
  db: Queryable,
  graphs: Graphs,
  { namespaceId, source, at, command }: ForkSubmission,
  executionId: bigint,
): Promise<Copy | Refused> {
  const [row] = await readExecutions(db, [source]);
  const last = row?.namespaceId === namespaceId ? await readCommandOf(db, source, at) : null;
  if (row === undefined || last === null) return "not-found";
  if (last.last > MAX_FORK_EVENTS) return "too-large";
  const named = await namedGraphs(db, graphs, row);
  const target = await graphs.load(namespaceId, row.workflowId, command.version);
  const state = boundState({ ...named, others: new Map([...named.others, [command.version, target]]) });
  const nothing = nothingFolded({ ...row, id: executionId, status: state.status }, state);
  try {
    return await fitting(db, await cut(db, { source, folded: nothing, values: [] }, last));
  } catch (thrown) {
    const error = unfoldable(thrown);
    if (error instanceof UnreadableHistory) throw error;
    return "quarantined";
  }
}

/** Up to the end of the last command, or, where that closed the execution, to the end of the one before it. */
async function cut(db: Queryable, nothing: Copy, last: { first: number; last: number }): Promise<Copy> {
  const before = await copyUntil(db, nothing, last.first - 1);
  const whole = await copyUntil(db, before, last.last);
  return isClosed(whole.folded.state) ? before : whole;
}

async function fitting(db: Queryable, copy: Copy): Promise<Copy | Refused> {
  const { source, folded, values } = copy;
  if (folded.state.sequence === 0) return "closed";
  const bytes = folded.sinceSnapshot.characters + (await sizeOfValues(db, source, values));
  return bytes > MAX_FORK_BYTES ? "too-large" : copy;
}

async function copyUntil(db: Queryable, copy: Copy, until: number): Promise<Copy> {
  let { folded, values } = copy;
  while (folded.state.sequence < until) {
    const limit = Math.min(SLICE, until - folded.state.sequence);
    const rows = await readEvents(db, copy.source, folded.state.sequence, limit);
    if (rows.length < limit) throw new UnfoldableHistory(`the history ends before ${until}`);
    const events = rows.map(toHistoryEvent);
    folded = { ...foldRows(folded, rows), head: events.reduce((head, event) => nextHead(head, event), folded.head) };
    values = [...new Set([...values, ...events.flatMap(valueRefs)])];
    await nextTurn();
  }
  return { ...copy, folded: { ...folded, status: folded.state.status }, values };
}
