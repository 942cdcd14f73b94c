"use client";
/** From one occurrence of a step to the others: the iterations of a loop, the items of the map around it. */
import { ChevronLeft, ChevronRight, List } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import { findStep } from "@/lib/core/execution/find-step";
import { Button } from "../../_ui/button";
import { Input } from "../../_ui/field";
import type { Snapshot } from "../execution-feed";
import { type StepData, stepKey } from "../step-row";

const words = inspectorTexts;

interface PlaceProps {
  snapshot: Snapshot;
  place: StepData;
  onSelect: (step: string) => void;
}

export function Places(props: PlaceProps) {
  return (
    <>
      <ItemSwitch {...props} />
      <IterationSwitch {...props} />
    </>
  );
}

/** Those that the history has: a retry or a map may have left some out. */
function IterationSwitch({ snapshot, place, onSelect }: PlaceProps) {
  const { byKey } = snapshot.timeline;
  const keyOf = (iteration: number) => stepKey({ ...place, iteration });
  const newest = Math.max(place.iteration, stepAt(snapshot, place)?.iteration ?? 1);
  if (newest === 1) return null;
  const seek = (by: 1 | -1) => {
    for (let at = place.iteration + by; at >= 1 && at <= newest; at += by)
      if (byKey.get(keyOf(at)) !== undefined) return at;
    return null;
  };
  return (
    <Switch
      previous={words.iteration.previous}
      next={words.iteration.next}
      onPrevious={then(seek(-1), (at) => onSelect(keyOf(at)))}
      onNext={then(seek(1), (at) => onSelect(keyOf(at)))}
    >
      <span className="tabular">{words.iteration.of(place.iteration, newest)}</span>
    </Switch>
  );
}

function ItemSwitch({ snapshot, place, onSelect }: PlaceProps) {
  const { index } = place;
  const item = index?.at(-1);
  const map = mapAround(snapshot, place);
  if (index === undefined || item === undefined || map === null) return null;
  const keyOf = (at: number) => {
    const there = { node: place.node, index: [...index.slice(0, -1), at] };
    return stepKey({ ...there, iteration: stepAt(snapshot, there)?.iteration ?? 1 });
  };
  function jump(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const at = Number(new FormData(event.currentTarget).get("item"));
    if (map !== null && Number.isInteger(at) && at >= 0 && at < map.count) onSelect(keyOf(at));
  }
  return (
    <Switch
      previous={words.item.previous}
      next={words.item.next}
      onPrevious={item > 0 ? () => onSelect(keyOf(item - 1)) : null}
      onNext={item + 1 < map.count ? () => onSelect(keyOf(item + 1)) : null}
    >
      <form key={item} onSubmit={jump} className="flex items-center gap-1">
        {words.item.label}
        <Input
          name="item"
          type="number"
          min={0}
          max={map.count - 1}
          defaultValue={item}
          aria-label={words.items.jump}
          className="!h-6 !w-16 !px-1 text-xs tabular"
        />
        <span className="tabular">{words.item.of(map.count)}</span>
      </form>
      <Button
        size="sm"
        variant="ghost"
        aria-label={words.item.toMap(map.node)}
        title={words.item.toMap(map.node)}
        onClick={() => onSelect(map.key)}
        className="px-1.5"
      >
        <List aria-hidden size={13} />
      </Button>
    </Switch>
  );
}

function Switch({
  previous,
  next,
  onPrevious,
  onNext,
  children,
}: {
  previous: string;
  next: string;
  /** Null: there is none. */
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
  children: ReactNode;
}) {
  return (
    <div className="flex items-center gap-1 text-xs text-ink-2">
      <Button
        size="sm"
        variant="ghost"
        aria-label={previous}
        title={previous}
        disabled={onPrevious === null}
        onClick={() => onPrevious?.()}
        className="px-1"
      >
        <ChevronLeft aria-hidden size={14} />
      </Button>
      {children}
      <Button
        size="sm"
        variant="ghost"
        aria-label={next}
        title={next}
        disabled={onNext === null}
        onClick={() => onNext?.()}
        className="px-1"
      >
        <ChevronRight aria-hidden size={14} />
      </Button>
    </div>
  );
}

function then<T, R>(value: T | null, use: (value: T) => R): (() => R) | null {
  return value === null ? null : () => use(value);
}

function stepAt({ state }: Snapshot, { node, index }: Pick<StepData, "node" | "index">) {
  const ordinal = state?.graph.ordinals.get(node);
  return state && ordinal !== undefined ? findStep(state, { ordinal, ...(index && { index }) }) : undefined;
}

/** The map whose item the step is in. */
function mapAround(snapshot: Snapshot, { node, index }: StepData): { node: string; key: string; count: number } | null {
  if (index === undefined) return null;
  const around = node.slice(0, node.lastIndexOf("/"));
  const outer = index.length > 1 ? index.slice(0, -1) : undefined;
  const step = stepAt(snapshot, { node: around, ...(outer && { index: outer }) });
  if (step?.map == null) return null;
  const { count } = step.map;
  return {
    node: around,
    count,
    key: stepKey({ node: around, iteration: step.iteration, ...(outer && { index: outer }) }),
  };
}
