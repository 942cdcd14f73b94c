/** What the shapes and colours of the timeline mean: those of its four kinds always, rarer ones where they occur. */
import { useMemo } from "react";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import { ScrollArea } from "../_ui/scroll-area";
import type { Row } from "./timeline-model";

const KINDS = [
  { tone: "scheduled", shape: "h-1 bg-tone-fill/60", text: words.legend.queued },
  { tone: "running", shape: "h-2.5 bg-tone-fill", text: words.legend.running },
  { tone: "completed", shape: "h-2.5 bg-tone-fill", text: words.legend.completed },
  { tone: "failed", shape: "h-2.5 bg-tone-fill", text: words.legend.failed },
  { tone: "retrying", shape: "h-0.5 hatched", text: words.legend.backoff },
  { tone: "waiting", shape: "h-1.5 hatched", text: words.legend.sleeping },
];
const UNDOING = {
  tone: "compensating",
  shape: "h-2.5 border-[1.5px] border-tone-fill bg-tone-tint",
  text: words.legend.undoing,
};
const ROUND = { tone: "waiting", shape: "h-3 !w-[3px] bg-tone-fill", text: words.legend.round };

export function TimelineLegend({ rows, version }: { rows: readonly Row[]; version: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that changed in place
  const rarer = useMemo(
    () => [
      ...(rows.some(({ compensation }) => compensation !== null) ? [UNDOING] : []),
      ...(rows.some(({ attempts }) => attempts.some(({ round }) => round !== null)) ? [ROUND] : []),
    ],
    [rows, version],
  );
  return (
    <ScrollArea
      label={words.legendLabel}
      className="flex h-8 flex-none items-center gap-4 overflow-x-auto overflow-y-hidden border-t px-4 text-2xs whitespace-nowrap text-ink-3 md:px-6"
    >
      {[...KINDS, ...rarer].map(({ tone, shape, text }) => (
        <span key={text} className="inline-flex items-center gap-1.5">
          <span aria-hidden data-status={tone} className={`w-4 rounded-[2px] ${shape}`} />
          {text}
        </span>
      ))}
    </ScrollArea>
  );
}
