/** What the shapes and colours of the timeline mean. */
import { texts } from "@/lib/client/texts";

const words = texts.timeline;

const KINDS = [
  { tone: "scheduled", shape: "h-1 bg-tone-fill/60", text: words.legend.queued },
  { tone: "running", shape: "h-2.5 bg-tone-fill", text: words.legend.running },
  { tone: "completed", shape: "h-2.5 bg-tone-fill", text: words.legend.completed },
  { tone: "failed", shape: "h-2.5 bg-tone-fill", text: words.legend.failed },
  { tone: "retrying", shape: "h-0.5 hatched", text: words.legend.backoff },
  { tone: "waiting", shape: "h-1.5 hatched", text: words.legend.sleeping },
];

export function TimelineLegend({ steps }: { steps: number }) {
  return (
    <div className="flex h-8 shrink-0 items-center gap-4 overflow-x-auto border-t px-4 text-2xs whitespace-nowrap text-ink-3 md:px-6">
      {KINDS.map(({ tone, shape, text }) => (
        <span key={text} className="inline-flex items-center gap-1.5">
          <span aria-hidden data-status={tone} className={`w-4 rounded-[2px] ${shape}`} />
          {text}
        </span>
      ))}
      <span className="ml-auto tabular">{words.steps(steps)}</span>
    </div>
  );
}
