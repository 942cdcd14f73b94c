"use client";
/** The events of one step, a sentence each; a click shows one among all others. */
import { useMemo } from "react";
import { type Sentence, sentenceOf } from "@/lib/client/event-sentences";
import { clockTime } from "@/lib/client/format";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import type { HistoryEvent } from "@/lib/contract/history";
import type { Snapshot } from "../execution-feed";
import { type Row, stepKey } from "../timeline-model";
import { TabBody } from "./fact";

const words = inspectorTexts.events;
const LISTED = 200;

export function StepEvents({
  snapshot,
  row,
  onShow,
}: {
  snapshot: Snapshot;
  row: Row;
  onShow: (sequence: number) => void;
}) {
  const { events } = snapshot;
  const { key, firstSequence, lastSequence } = row;
  const own = useMemo(
    () => events.slice(firstSequence - 1, lastSequence).filter((event) => isOf(event, key)),
    [events, key, firstSequence, lastSequence],
  );
  const shown = own.slice(-LISTED);
  return (
    <TabBody label={words.label}>
      <ol className="-mx-2 flex flex-col">
        {shown.map((event) => (
          <li key={event.sequence}>
            <button
              type="button"
              aria-label={words.show(event.sequence)}
              onClick={() => onShow(event.sequence)}
              className="flex w-full items-baseline gap-2 rounded-sm px-2 py-1 text-left text-xs focus-inset hover:bg-hover"
            >
              <span className="shrink-0 font-mono text-2xs text-ink-3 tabular">{event.sequence}</span>
              <span className="min-w-0 flex-1 break-words">
                <Said sentence={sentenceOf(event)} />
              </span>
              <span className="shrink-0 text-2xs text-ink-3 tabular">{clockTime(event.at, { ms: true })}</span>
            </button>
          </li>
        ))}
      </ol>
      {own.length > shown.length && <p className="text-2xs text-ink-3">{words.more(shown.length)}</p>}
    </TabBody>
  );
}

function isOf(event: HistoryEvent, key: string): boolean {
  return "node" in event.data && "iteration" in event.data && stepKey(event.data) === key;
}

function Said({ sentence }: { sentence: Sentence }) {
  return sentence.map((part, index) =>
    typeof part === "string" ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and never change
      <code key={index} className="font-mono text-2xs">
        {part.code}
      </code>
    ),
  );
}
