"use client";
/** The items of a map, however many: counted, filtered, walked; choosing one selects the step of it that tells most. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type FormEvent, useMemo, useRef, useState } from "react";
import { number } from "@/lib/client/format";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import type { StepStatus } from "@/lib/contract/executions";
import { findStep } from "@/lib/core/execution/find-step";
import { itemStatuses, tellingStep } from "@/lib/core/execution/map-items";
import { isEndedStep, isOpenStep } from "@/lib/core/execution/statuses";
import { Button } from "../../_ui/button";
import { Input, inputClass } from "../../_ui/field";
import { ProgressBar } from "../../_ui/progress-bar";
import { ScrollArea } from "../../_ui/scroll-area";
import { Status } from "../../_ui/status";
import type { Snapshot } from "../execution-feed";
import { type Row, stepKey } from "../timeline-model";

const words = inspectorTexts.items;
const ROW_HEIGHT = 28;

const FILTERS: Record<"all" | "failed" | "open" | "completed" | "pending", (status: StepStatus) => boolean> = {
  all: () => true,
  failed: (status) => isEndedStep({ status }) && status !== "completed",
  open: (status) => isOpenStep({ status }),
  completed: (status) => status === "completed",
  pending: (status) => status === "pending",
};
type Filter = keyof typeof FILTERS;
const FILTER_NAMES = Object.keys(FILTERS) as Filter[];

export function MapItems({
  snapshot: { state },
  row,
  onSelect,
}: {
  snapshot: Snapshot;
  row: Row;
  onSelect: (step: string) => void;
}) {
  const [filter, setFilter] = useState<Filter>("all");
  const ordinal = state?.graph.ordinals.get(row.node);
  const node = state?.graph.nodes[ordinal ?? -1];
  const map =
    state && ordinal !== undefined ? findStep(state, { ordinal, ...(row.index && { index: row.index }) })?.map : null;
  const statuses = useMemo(() => (map ? itemStatuses(map) : []), [map]);
  const shown = useMemo(
    () => statuses.flatMap((status, item) => (FILTERS[filter](status) ? [item] : [])),
    [statuses, filter],
  );
  if (!state || !map || !node) return <p className="px-4 py-4 text-xs text-ink-3">{words.unknown}</p>;

  function choose(item: number) {
    if (!state || !map || !node) return;
    const path = tellingStep(state.graph, node, map, item);
    const inside = state.graph.ordinals.get(path ?? "");
    if (path === null || inside === undefined) return;
    const index = [...(row.index ?? []), item];
    onSelect(stepKey({ node: path, iteration: findStep(state, { ordinal: inside, index })?.iteration ?? 1, index }));
  }

  return (
    <div className="flex max-h-[64dvh] min-h-0 flex-1 flex-col min-[1100px]:max-h-none">
      <div className="flex shrink-0 flex-col gap-2 border-b px-4 py-2.5">
        <p className="text-xs tabular">{words.done(map.completed, map.count)}</p>
        <ProgressBar label={words.label} done={map.completed} total={map.count} status={row.status} />
        <div className="flex items-center gap-1.5">
          <select
            aria-label={words.filter}
            value={filter}
            onChange={({ target }) => setFilter(target.value as Filter)}
            className={`${inputClass} !h-7 !w-auto !px-1 text-xs`}
          >
            {FILTER_NAMES.map((name) => (
              <option key={name} value={name}>
                {`${words[name]} (${number(statuses.filter(FILTERS[name]).length)})`}
              </option>
            ))}
          </select>
          <JumpTo count={map.count} onJump={choose} />
        </div>
      </div>
      {shown.length === 0 ? (
        <p className="px-4 py-4 text-xs text-ink-3">{words.none}</p>
      ) : (
        <ItemList items={shown} statuses={statuses} onChoose={choose} />
      )}
    </div>
  );
}

export function JumpTo({ count, onJump }: { count: number; onJump: (item: number) => void }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const item = Number(new FormData(event.currentTarget).get("item"));
    if (Number.isInteger(item) && item >= 0 && item < count) onJump(item);
  }
  return (
    <form onSubmit={submit} className="ml-auto flex items-center gap-1">
      <Input
        name="item"
        type="number"
        min={0}
        max={count - 1}
        required
        aria-label={words.jump}
        placeholder={words.jump}
        className="!h-7 !w-28 text-xs tabular"
      />
    </form>
  );
}

function ItemList({
  items,
  statuses,
  onChoose,
}: {
  items: number[];
  statuses: StepStatus[];
  onChoose: (item: number) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  return (
    <ScrollArea label={words.label} ref={scroller}>
      <ol className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index] ?? 0;
          return (
            <li
              key={key}
              aria-posinset={index + 1}
              aria-setsize={items.length}
              className="absolute inset-x-0 top-0 h-7"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Button
                variant="ghost"
                size="sm"
                onClick={() => onChoose(item)}
                className="w-full justify-start rounded-none px-4 focus-inset [&>span]:w-full"
              >
                <span className="tabular">{words.item(item)}</span>
                <span className="ml-auto text-xs">
                  <Status status={statuses[item] ?? "pending"} />
                </span>
              </Button>
            </li>
          );
        })}
      </ol>
    </ScrollArea>
  );
}
