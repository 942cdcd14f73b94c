/** Steps of an iteration that the execution has left behind: its history has them, the folded state only the latest ones. */
import type { Queryable } from "@/db/client";
import { firstOfTypes } from "@/db/queries/events";
import { firstRow } from "@/db/queries/query";
import { readEvents } from "@/db/stores/histories";
import { evolve } from "@/lib/core/execution/evolve";
import { leftBehind, MOVING_EVENTS } from "@/lib/core/execution/left-behind";
import type { PlacedStep } from "@/lib/core/execution/steps";
import type { Target } from "./door/door";
import { toHistoryEvent } from "./door/event-store";
import type { Services } from "./services";

/** After so many of the steps that the event with this sequence left behind. */
export interface EarlierCursor {
  sequence: number;
  skip: number;
}

export interface EarlierPage {
  steps: PlacedStep[];
  /** Null: there are no more. A page may be short, or empty, and yet not be the last. */
  next: EarlierCursor | null;
}

/** A page looks at so many events at most, whatever it finds in them. */
const EVENTS = 1_000;

/** In the order in which they were left behind; each once, with all that the history says of it. */
export async function earlierSteps(
  { db, histories }: Pick<Services, "db" | "histories">,
  { executionId }: Target,
  { iteration, cursor, limit }: { iteration: number; cursor: EarlierCursor; limit: number },
): Promise<EarlierPage> {
  const first = await nextMove(db, executionId, cursor.sequence);
  if (first === null) return { steps: [], next: null };
  let state = await histories.foldUntil(executionId, first - 1);
  if (state === null) return { steps: [], next: null };
  const steps: PlacedStep[] = [];
  for (const row of await readEvents(db, executionId, first - 1, EVENTS)) {
    const after = evolve(state, toHistoryEvent(row));
    const left = MOVING.has(row.type) ? leftBehind(state, after, iteration) : [];
    const skip = row.sequence === cursor.sequence ? cursor.skip : 0;
    const room = limit - steps.length;
    steps.push(...left.slice(skip, skip + room));
    if (left.length - skip > room) return { steps, next: { sequence: row.sequence, skip: skip + room } };
    state = after;
  }
  const following = await nextMove(db, executionId, state.sequence + 1);
  return { steps, next: following === null ? null : { sequence: following, skip: 0 } };
}

const MOVING: ReadonlySet<string> = new Set(MOVING_EVENTS);

/** The sequence of the first event from there on that begins new iterations. */
async function nextMove(db: Queryable, executionId: bigint, from: number): Promise<number | null> {
  return (await firstRow(db, firstOfTypes(executionId, MOVING_EVENTS, from)))?.sequence ?? null;
}
