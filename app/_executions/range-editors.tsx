"use client";
/** Ranges of time and of duration: common ones at a click, exact ones in two fields. */
import { useState } from "react";
import { TODAY } from "@/lib/client/execution-filters";
import { executionsTexts } from "@/lib/client/texts/executions";
import { classNames } from "../_ui/class-names";
import { Field, Input } from "../_ui/field";
import { EditorForm } from "./editor-form";
import { durationField, fieldInstant, LONG_AGO, localField, RECENT, typedDuration } from "./ranges";

const words = executionsTexts.filters;

interface RangeProps {
  from: string | undefined;
  to: string | undefined;
  onSet: (from: string | undefined, to: string | undefined) => void;
}

export function TimeRange({ from, to, onSet }: RangeProps) {
  const [begin, setBegin] = useState(() => localField(from));
  const [end, setEnd] = useState(() => localField(to));
  const backwards = begin !== "" && end !== "" && begin >= end;
  const preset = (text: string, isChosen: boolean, choose: () => void) => (
    <button
      key={text}
      type="button"
      aria-pressed={isChosen}
      onClick={choose}
      className={classNames(
        "h-7 rounded-md px-2 text-left text-xs hover:bg-hover",
        isChosen ? "bg-active font-medium text-ink" : "text-ink-2",
      )}
    >
      {text}
    </button>
  );
  return (
    <div className="min-h-0 overflow-y-auto">
      <div className="grid grid-cols-2 items-start border-b p-2">
        <div className="grid gap-px">
          {preset(words.today, from === TODAY && !to, () => onSet(TODAY, undefined))}
          {RECENT.map((age) => preset(words.last(age), from === age && !to, () => onSet(age, undefined)))}
        </div>
        <div className="grid gap-px">
          {LONG_AGO.map((age) => preset(words.before(age), to === age && !from, () => onSet(undefined, age)))}
        </div>
      </div>
      <EditorForm isReady={!backwards} onSubmit={() => onSet(fieldInstant(begin), fieldInstant(end))}>
        <Field label={words.from}>
          {(field) => (
            <Input {...field} type="datetime-local" value={begin} onChange={(event) => setBegin(event.target.value)} />
          )}
        </Field>
        <Field label={words.to} hint={words.localTime} error={backwards ? words.backwards : null}>
          {(field) => (
            <Input {...field} type="datetime-local" value={end} onChange={(event) => setEnd(event.target.value)} />
          )}
        </Field>
      </EditorForm>
    </div>
  );
}

export function DurationRange({ from, to, onSet }: RangeProps) {
  const [least, setLeast] = useState(() => durationField(from));
  const [most, setMost] = useState(() => durationField(to));
  const [leastMs, mostMs] = [typedDuration(least), typedDuration(most)];
  const backwards = typeof leastMs === "number" && typeof mostMs === "number" && leastMs >= mostMs;
  const ofMs = (ms: number | null | undefined) => (typeof ms === "number" ? String(ms) : undefined);
  return (
    <EditorForm
      isReady={leastMs !== null && mostMs !== null && !backwards}
      onSubmit={() => onSet(ofMs(leastMs), ofMs(mostMs))}
    >
      <Field label={words.atLeast} error={leastMs === null ? words.notADuration : null}>
        {(field) => (
          <Input
            {...field}
            autoFocus
            autoComplete="off"
            value={least}
            onChange={(event) => setLeast(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={words.lessThan}
        hint={words.durationHint}
        error={mostMs === null ? words.notADuration : backwards ? words.backwards : null}
      >
        {(field) => (
          <Input {...field} autoComplete="off" value={most} onChange={(event) => setMost(event.target.value)} />
        )}
      </Field>
    </EditorForm>
  );
}
