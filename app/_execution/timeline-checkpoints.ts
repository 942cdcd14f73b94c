/**
 * The timeline at one event of its history, kept cheaply: rows that did not change between two checkpoints are the same
 * objects in both, and so are the blocks of 128 that hold them. The newest moment's rows are other objects, which take lists
 * of their own when they change next. From a checkpoint the fold goes on in a model of its own.
 */
import { type Gap, NOTHING_YET, type Row, type TimelineFacts, type TimelineModel, timelineOf } from "./timeline-model";

export interface TimelineCheckpoint {
  readonly facts: TimelineFacts;
  readonly blocks: readonly (readonly Row[])[];
  readonly gapCount: number;
  /** The last of them as it was: all before it are closed, and never change again. */
  readonly lastGap: Gap | null;
}

const BLOCK_BITS = 7;
const BLOCK = 1 << BLOCK_BITS;

/** What the model holds now is not changed by it any more. @param before the last checkpoint of the same model */
export function checkpointOf(model: TimelineModel, before: TimelineCheckpoint | undefined): TimelineCheckpoint {
  const { rows, gaps, changed } = model;
  const blocks = before?.blocks.slice() ?? [];
  const fresh = new Map<number, Row[]>();
  for (const ordinal of changed) {
    const number = ordinal >> BLOCK_BITS;
    const block = fresh.get(number) ?? blocks[number]?.slice() ?? [];
    const row = rows[ordinal];
    if (row !== undefined) block[ordinal & (BLOCK - 1)] = { ...row };
    fresh.set(number, block);
    blocks[number] = block;
  }
  changed.clear();
  const lastGap = gaps.at(-1);
  return { facts: factsOf(model), blocks, gapCount: gaps.length, lastGap: lastGap ? { ...lastGap } : null };
}

/** A model that begins where the checkpoint is, or without one at the start. @param live the model it was taken of */
export function timelineFrom(checkpoint: TimelineCheckpoint | undefined, live: TimelineModel): TimelineModel {
  if (checkpoint === undefined) return timelineOf(NOTHING_YET, [], [], live);
  const { facts, blocks, gapCount, lastGap } = checkpoint;
  const gaps = live.gaps.slice(0, gapCount);
  if (lastGap !== null) gaps[gapCount - 1] = { ...lastGap };
  return timelineOf(facts, rowsIn(blocks), gaps, live);
}

/** As `flat`, at a tenth of its price: this is most of what a moment costs. */
function rowsIn(blocks: TimelineCheckpoint["blocks"]): Row[] {
  const last = blocks.at(-1);
  const rows = new Array<Row>(last === undefined ? 0 : (blocks.length - 1) * BLOCK + last.length);
  let ordinal = 0;
  for (const block of blocks) for (let place = 0; place < block.length; place++) rows[ordinal++] = block[place] as Row;
  return rows;
}

function factsOf(model: TimelineModel): TimelineFacts {
  const { status, startedAt, ownStartAt, closedAt, lastAt, input, output, error, cancelReason, busy } = model;
  return { status, startedAt, ownStartAt, closedAt, lastAt, input, output, error, cancelReason, busy };
}
