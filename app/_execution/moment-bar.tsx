"use client";
/** The row under the views in which one travels through the history: quiet while one sees now, and a band while one does not. */
import { ChevronLeft, ChevronRight, History, Pause, Play } from "lucide-react";
import { useEffect } from "react";
import { absoluteTime, clockTime, duration } from "@/lib/client/format";
import { momentTexts as words } from "@/lib/client/texts/moment";
import { useKeys } from "../_shell/keys";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { Kbd } from "../_ui/kbd";
import { Menu } from "../_ui/menu";
import { RelativeTime } from "../_ui/time";
import type { Snapshot } from "./execution-feed";
import type { Marks } from "./moment-marks";
import { SPEEDS } from "./playing";
import { Scrubber } from "./scrubber";
import type { MomentControl } from "./use-moment";

interface MomentProps {
  control: MomentControl;
  live: Snapshot;
  marks: Marks;
  /** It has less room than its window would say. */
  isNarrow?: boolean;
}

export function MomentBar({ control, live, marks, isNarrow = false }: MomentProps) {
  const { at, newest } = control;
  useMomentKeys(control);
  return (
    <section
      aria-label={words.label}
      className={classNames(
        "shrink-0 border-t transition-colors duration-100",
        at === null ? "bg-canvas" : "border-accent bg-accent-tint",
      )}
    >
      <div className="flex h-10 items-center gap-1 pr-4 pl-2 md:pr-6 md:pl-4">
        <Transport control={control} />
        <Scrubber control={control} live={live} marks={marks} />
        <div className={classNames("ml-2 hidden min-w-24 items-center justify-end gap-3", !isNarrow && "md:flex")}>
          {at === null ? (
            <span className="text-xs text-ink-3 tabular">{words.events(newest)}</span>
          ) : (
            <ShownMoment control={control} live={live} at={at} />
          )}
        </div>
      </div>
      {at !== null && (
        <div
          className={classNames("flex h-10 items-center justify-between gap-3 border-t px-4", !isNarrow && "md:hidden")}
        >
          <ShownMoment control={control} live={live} at={at} />
        </div>
      )}
    </section>
  );
}

function Transport({ control }: { control: MomentControl }) {
  const { isPlaying, speed, newest } = control;
  const PlayIcon = isPlaying ? Pause : Play;
  const still = newest < 2;
  const className = "px-1.5";
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        disabled={still}
        aria-label={words.stepBack}
        title={`${words.stepBack} (,)`}
        className={`${className} max-md:hidden`}
        onClick={() => control.moveBy(-1)}
      >
        <ChevronLeft aria-hidden size={15} />
      </Button>
      <Button
        variant="ghost"
        size="sm"
        disabled={still}
        aria-label={isPlaying ? words.pause : words.play}
        title={isPlaying ? words.pause : words.play}
        className={className}
        onClick={control.togglePlaying}
      >
        <PlayIcon aria-hidden size={14} />
      </Button>
      <Button
        variant="ghost"
        size="sm"
        disabled={still || control.at === null}
        aria-label={words.stepOn}
        title={`${words.stepOn} (.)`}
        className={`${className} max-md:hidden`}
        onClick={() => control.moveBy(1)}
      >
        <ChevronRight aria-hidden size={15} />
      </Button>
      {speed !== null && (
        <Menu
          align="start"
          trigger={
            <Button variant="ghost" size="sm" aria-label={words.speed(speed)} className="w-11 px-1 tabular">
              {words.speedText(speed)}
            </Button>
          }
          groups={[SPEEDS.map((each) => ({ name: words.speedText(each), onSelect: () => control.setSpeed(each) }))]}
        />
      )}
    </>
  );
}

/** Which moment it is, how long ago, and the way back. */
function ShownMoment({ control, live, at }: { control: MomentControl; live: Snapshot; at: number }) {
  const event = live.events[at - 1];
  const startedAt = live.timeline.startedAt;
  return (
    <>
      <span className="flex min-w-0 items-center gap-2 text-xs whitespace-nowrap text-ink tabular">
        <History aria-hidden size={14} className="shrink-0 text-accent" />
        <span className="font-medium">{words.event(at, control.newest)}</span>
        {event && (
          <span
            title={`${absoluteTime(event.at)}${startedAt === null ? "" : `, ${words.since(Date.parse(event.at) - startedAt)}`}`}
            className="truncate text-ink-2"
          >
            {clockTime(event.at, { ms: true })}
            {startedAt !== null && (
              <span className="max-lg:hidden"> +{duration(Date.parse(event.at) - startedAt)}</span>
            )}
            {", "}
            <RelativeTime at={event.at} />
          </span>
        )}
      </span>
      <Button size="sm" onClick={control.toNow}>
        {words.backToNow}
        <Kbd>End</Kbd>
      </Button>
    </>
  );
}

/** Home and End act where nothing has the focus, for everything that can have it knows them; Space acts where it presses nothing. */
function useMomentKeys({ moveBy, moveTo, moveToMark, togglePlaying, toNow }: MomentControl) {
  useKeys(words.keys, [
    { keys: ",", name: words.stepBack, run: () => moveBy(-1) },
    { keys: ".", name: words.stepOn, run: () => moveBy(1) },
    { keys: "<", name: words.markBack, run: () => moveToMark(-1) },
    { keys: ">", name: words.markOn, run: () => moveToMark(1) },
    { keys: "Space", name: words.play },
    { keys: "Home", name: words.first },
    { keys: "End", name: words.backToNow },
  ]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const acts: Record<string, () => void> = { " ": togglePlaying, Home: () => moveTo(1), End: toNow };
      const act = acts[event.key];
      if (!act || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (hasOwnKeys(event.target, event.key)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [togglePlaying, moveTo, toNow]);
}

const PRESSED_BY_SPACE = "input, textarea, select, button, a, summary, [role=tab], [role=dialog], [role=menu]";

function hasOwnKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return false;
  return key === " " ? target.closest(PRESSED_BY_SPACE) !== null : true;
}
