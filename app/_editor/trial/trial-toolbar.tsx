"use client";
/** Moves the trial: on, one step, from its begin; and its clock. */
import { FileCheck2, FolderOpen, Pause, Play, RotateCcw, Settings2, Square, StepForward } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { absoluteTime, duration, shortTime } from "@/lib/client/format";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import { parseDuration } from "@/lib/core/durations";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { Button } from "../../_ui/button";
import { Field, Input } from "../../_ui/field";
import { Menu } from "../../_ui/menu";
import { Popover } from "../../_ui/popover";
import { Status } from "../../_ui/status";
import { nextText } from "./happening-text";
import { SaveTest } from "./save-test";
import type { Speed } from "./trial-desk";
import { useOpenTest } from "./use-open-test";
import { useDraft, useTrial } from "./use-trial";

const HOUR_MS = 3_600_000;
const SKIPS = [
  [words.skips.hour, HOUR_MS],
  [words.skips.day, 24 * HOUR_MS],
  [words.skips.days, 72 * HOUR_MS],
] as const;
const SPEEDS: readonly (readonly [Speed, string])[] = [
  [null, words.speeds.atOnce],
  [4, words.speeds.four],
  [1, words.speeds.one],
];

/** @param children what stands before the buttons */
export function TrialToolbar({ children }: { children: ReactNode }) {
  const { desk, state } = useTrial();
  const draft = useDraft();
  const { run, isPlaying, speed } = state;
  const isOver = run?.isClosed ?? false;
  const isWaiting = run !== null && !isOver && !run.goesOn;
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b px-3 py-1 max-md:flex-nowrap max-md:overflow-x-auto">
      <span className="shrink-0">{children}</span>
      <Button
        size="sm"
        variant="solid"
        title={isWaiting ? words.waitsHint : `${isOver ? words.runAgainHint : words.runHint} (Ctrl Enter)`}
        disabled={isWaiting}
        onClick={() => (isPlaying ? desk.pause() : desk.run(draft))}
      >
        {isPlaying ? <Pause aria-hidden size={13} /> : <Play aria-hidden size={13} />}
        {isPlaying ? words.pause : words.run}
      </Button>
      <Button
        size="sm"
        title={isWaiting ? words.waitsHint : words.stepHint}
        disabled={isOver || isWaiting}
        onClick={() => desk.step(draft)}
      >
        <StepForward aria-hidden size={13} />
        {words.step}
      </Button>
      <Button
        size="sm"
        aria-label={words.restart}
        title={words.restartHint}
        disabled={run === null}
        className="px-1.5"
        onClick={() => desk.begin(draft)}
      >
        <RotateCcw aria-hidden size={13} />
      </Button>
      {run !== null && <Clock run={run} onSkip={(ms) => desk.skip(ms)} onNext={() => desk.toNext()} />}
      <span className="ml-auto flex shrink-0 items-center gap-1">
        {run !== null && <Status status={run.state.status} badge />}
        <TrialMenu
          run={run}
          trigger={
            <Button size="sm" variant="ghost" aria-label={words.more} className="px-1.5">
              <Settings2 aria-hidden size={14} />
            </Button>
          }
          speeds={SPEEDS.map(([each, name]) => ({
            name: each === speed ? `${name} ✓` : name,
            onSelect: () => desk.setSpeed(each),
          }))}
          onStop={() => desk.clear()}
        />
      </span>
    </div>
  );
}

function Clock({ run, onSkip, onNext }: { run: TrialRun; onSkip: (ms: number) => void; onNext: () => void }) {
  const elapsedMs = run.clock - run.startedAt;
  const next = nextText(run);
  return (
    <fieldset className="flex shrink-0 items-center gap-1">
      <legend className="sr-only">{words.clock}</legend>
      <span title={absoluteTime(run.clock)} className="px-1 text-xs whitespace-nowrap tabular">
        <span className="text-ink-3">{shortTime(run.clock)}</span>{" "}
        <span className="font-medium">{words.elapsed(duration(elapsedMs))}</span>
      </span>
      {!run.isClosed && (
        <>
          {SKIPS.map(([name, ms]) => (
            <Button
              key={name}
              size="sm"
              variant="ghost"
              aria-label={words.skipLabel(name)}
              className="px-1.5 tabular"
              onClick={() => onSkip(ms)}
            >
              {name}
            </Button>
          ))}
          <CustomSkip onSkip={onSkip} />
          <Button size="sm" variant="ghost" title={next ?? words.nothingNext} disabled={next === null} onClick={onNext}>
            {words.toNext}
          </Button>
        </>
      )}
    </fieldset>
  );
}

function CustomSkip({ onSkip }: { onSkip: (ms: number) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [isBad, setBad] = useState(false);
  function send(event: FormEvent) {
    event.preventDefault();
    const ms = parseDuration(text.trim());
    setBad(ms === null);
    if (ms === null) return;
    setOpen(false);
    onSkip(ms);
  }
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      label={words.customLabel}
      align="start"
      className="w-60"
      trigger={
        <Button size="sm" variant="ghost" className="px-1.5">
          {words.custom}
        </Button>
      }
    >
      <form onSubmit={send} className="flex flex-col gap-3 p-3">
        <Field label={words.customLabel} hint={words.customHint} error={isBad ? words.customBad : null}>
          {(field) => <Input {...field} value={text} onChange={({ target }) => setText(target.value)} />}
        </Field>
        <Button type="submit" variant="solid" size="sm" className="self-end">
          {words.customSubmit}
        </Button>
      </form>
    </Popover>
  );
}

function TrialMenu({
  run,
  trigger,
  speeds,
  onStop,
}: {
  run: TrialRun | null;
  trigger: Parameters<typeof Menu>[0]["trigger"];
  speeds: { name: string; onSelect: () => void }[];
  onStop: () => void;
}): ReactNode {
  const [isSaving, setSaving] = useState(false);
  const { open, input } = useOpenTest();
  return (
    <>
      <Menu
        align="end"
        trigger={trigger}
        groups={[
          [
            { name: words.save, icon: FileCheck2, disabled: !run?.isClosed, onSelect: () => setSaving(true) },
            { name: words.open, icon: FolderOpen, onSelect: open },
          ],
          speeds,
          [{ name: words.stop, icon: Square, disabled: run === null, onSelect: onStop }],
        ]}
      />
      {input}
      {isSaving && run !== null && <SaveTest run={run} onClose={() => setSaving(false)} />}
    </>
  );
}
