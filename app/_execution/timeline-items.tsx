"use client";
/** The items of a map in words, and ways to one of them: by its number, or the next that failed. */
import { ChevronsDown } from "lucide-react";
import { type FormEvent, useMemo, useState } from "react";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import { Button } from "../_ui/button";
import { countItems, type Item, type MapItems, nextFailed, type StepTree, type TakesFailure } from "./step-tree";
import { UNFOLDED_MOST } from "./timeline-lines";
import type { Row } from "./timeline-model";

interface ItemsProps {
  items: MapItems;
  takesFailure: TakesFailure;
  /** The number of the item that is selected; -1: none. */
  at: number;
  onItem: (item: Item) => void;
}

export function TimelineItems({ items, takesFailure, at, onItem }: ItemsProps) {
  const { map } = items;
  const [number, setNumber] = useState("");
  const [missing, setMissing] = useState<number | null>(null);
  const counts = countItems(items, map, takesFailure);
  function jump(event: FormEvent) {
    event.preventDefault();
    const wanted = Number(number);
    const item = items.item(wanted);
    setMissing(number !== "" && !item ? wanted : null);
    if (number !== "" && item) onItem(item);
  }
  return (
    <section
      aria-label={words.items.label(map.key)}
      className="flex h-9 shrink-0 items-center gap-3 overflow-x-auto border-b px-4 text-xs whitespace-nowrap md:px-6"
    >
      <span className="font-medium">{map.key}</span>
      <span className="text-ink-2 tabular">
        {missing === null ? words.progress(counts) : words.items.notBegun(missing)}
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-2">
        <form onSubmit={jump}>
          <input
            inputMode="numeric"
            aria-label={words.items.jump}
            placeholder={words.items.jumpHint(Math.max(0, counts.total - 1))}
            value={number}
            onChange={({ target }) => {
              setNumber(target.value.replace(/\D/g, ""));
              setMissing(null);
            }}
            className="h-6 w-24 rounded-sm border border-line-strong bg-raised px-2 text-xs tabular"
          />
        </form>
        {counts.failed > 0 && (
          <Button
            size="sm"
            className="h-6"
            onClick={() => {
              const item = nextFailed(items, at, takesFailure);
              if (item) onItem(item);
            }}
          >
            <ChevronsDown aria-hidden size={13} />
            {words.items.nextFailed}
          </Button>
        )}
      </span>
    </section>
  );
}

/** The map whose items are told of: the one that the selection is or lies in, else the one with the most. */
export function useItems(tree: StepTree, version: number, selected: string | null): MapItems | null {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for maps that began in a tree that grows in place
  return useMemo(() => {
    const maps = [...tree.maps.values()].filter(({ map }) => (map.items ?? 0) > 1);
    const row = selected === null ? undefined : tree.byKey.get(selected);
    const around = row ? new Set([...tree.around(row), row.key]) : null;
    const chosen = around && maps.findLast(({ map }) => around.has(map.key));
    const largest = maps.reduce<MapItems | null>(
      (most, one) => ((one.map.items ?? 0) > (most?.map.items ?? UNFOLDED_MOST) ? one : most),
      null,
    );
    return chosen ?? largest;
  }, [tree, version, selected]);
}

/** In which item of a map a row lies; -1: in none. */
export function numberIn({ map }: MapItems, { node, index }: Row): number {
  return node.startsWith(`${map.node}/`) ? (index?.[map.node.split("/").length - 1] ?? -1) : -1;
}
