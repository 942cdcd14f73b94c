"use client";
/** What the trial waits for, with what one can do about it; and what came of it. */
import { CircleCheck, CircleX, FileCheck2, Radio } from "lucide-react";
import { useState } from "react";
import { duration } from "@/lib/client/format";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { TrialDifference } from "@/lib/contract/trial-path";
import type { PassedStep } from "@/lib/contract/trials";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import type { OpenThing } from "@/lib/editor/trial/open";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { Button } from "../../_ui/button";
import { JsonView } from "../../_ui/json-view";
import { Status } from "../../_ui/status";
import { happeningTimeOf, nextText } from "./happening-text";
import { SaveTest } from "./save-test";
import { SignalForm } from "./signal-form";
import type { Tested } from "./trial-desk";
import { useTrial } from "./use-trial";
import { WaitingCard } from "./waiting-card";

const SHOWN = 20;

export function TrialNow() {
  const { desk, state } = useTrial();
  const { run, tested } = state;
  if (run === null) return <p className="px-4 py-3 text-xs text-ink-3">{words.empty}</p>;
  return (
    <div className="flex flex-col">
      {tested !== null && <TestResult tested={tested} />}
      {run.problems.map((problem) => (
        <p key={problem} role="alert" className="border-b bg-warning-tint px-4 py-2 text-xs text-warning">
          {problem}
        </p>
      ))}
      {run.isClosed ? (
        <Outcome run={run} />
      ) : (
        <>
          <p className="flex min-h-9 items-center gap-2 border-b px-4 py-1.5 text-xs">
            <span className="text-ink-3">{words.next}</span>
            <span className="min-w-0">{nextText(run) ?? words.nothingNext}</span>
          </p>
          <Waiting run={run} />
          <OtherWaits run={run} />
          <div className="flex flex-wrap gap-2 px-4 py-3">
            <SignalForm key={run.state.waiters[0]?.signal ?? ""} wanted={run.state.waiters[0]?.signal ?? null} />
            <Button size="sm" variant="ghost" onClick={() => desk.act((it) => it.cancel())}>
              {words.cancel}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function Waiting({ run }: { run: TrialRun }) {
  const mine = run.waiting.filter((thing) => run.isByHand(thing) && !(thing.kind === "task" && thing.waitsForKey));
  const [opened, setOpened] = useState<string | null>(null);
  const open = mine.find(({ id }) => id === opened) ?? mine[0];
  return (
    <section aria-label={words.waiting(mine.length)}>
      <h2 className="px-4 pt-3 pb-1.5 text-xs font-medium">{words.waiting(mine.length)}</h2>
      <ul>
        {mine.slice(0, SHOWN).map((thing) => (
          <li key={thing.id} className="border-b first:border-t">
            <WaitingCard
              thing={thing}
              alike={alike(thing, mine)}
              isOpen={thing === open}
              onOpen={() => setOpened(thing.id)}
            />
          </li>
        ))}
      </ul>
      {mine.length > SHOWN && <p className="px-4 py-2 text-xs text-ink-3">{words.moreWaiting(mine.length - SHOWN)}</p>}
    </section>
  );
}

/** All items of one node, which may be answered at once. */
function alike(thing: OpenThing, all: readonly OpenThing[]): OpenThing[] {
  return all.filter(({ kind, asked }) => kind === thing.kind && asked.node === thing.asked.node);
}

/** What time, a plan or a signal will end. */
function OtherWaits({ run }: { run: TrialRun }) {
  const byHand = new Set(run.waiting.filter((thing) => run.isByHand(thing)).map(({ asked }) => asked.node));
  const others = waitingFor(run.state, SHOWN).filter(({ node }) => !byHand.has(node));
  if (others.length === 0) return null;
  return (
    <section aria-label={words.underway} className="border-b">
      <h2 className="px-4 pt-3 pb-1 text-xs font-medium">{words.underway}</h2>
      <ul className="pb-2">
        {others.map((entry) => (
          <li
            key={`${entry.node}/${entry.index?.join() ?? ""}/${entry.iteration}`}
            className="flex h-7 items-center gap-2 px-4 text-xs"
          >
            {entry.kind === "signal" && <Radio aria-hidden size={13} className="shrink-0 text-ink-3" />}
            <span className="shrink-0 font-mono">{entry.node}</span>
            <span title={entry.detail} className="min-w-0 flex-1 truncate text-ink-3">
              {entry.detail}
            </span>
            {entry.until && <span className="shrink-0 text-ink-3 tabular">{happeningTimeOf(run, entry.until)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Outcome({ run }: { run: TrialRun }) {
  const { state } = run;
  const [isSaving, setSaving] = useState(false);
  const tookMs = (state.closedAt ?? run.clock) - run.startedAt;
  return (
    <section aria-label={words.result} className="flex flex-col gap-3 px-4 py-3">
      <div className="flex items-center gap-2">
        <Status status={state.status} badge />
        <span className="text-xs text-ink-3">{tookMs === 0 ? words.endedAtOnce : words.ended(duration(tookMs))}</span>
      </div>
      {state.error !== null && (
        <div className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
          <p className="font-mono font-medium">
            {state.error.code}
            {state.error.node !== undefined && ` ${words.failedAt(state.error.node)}`}
          </p>
          <p className="break-words">{state.error.message}</p>
        </div>
      )}
      {state.status === "completed" && <JsonView title={words.result} value={run.value(state.output)} />}
      <Button size="sm" className="self-start" onClick={() => setSaving(true)}>
        <FileCheck2 aria-hidden size={13} />
        {words.save}
      </Button>
      {isSaving && <SaveTest run={run} onClose={() => setSaving(false)} />}
    </section>
  );
}

function TestResult({ tested }: { tested: Tested }) {
  const { name, isPassed, differences, unanswered } = tested;
  const Icon = isPassed ? CircleCheck : CircleX;
  const [first, ...others] = differences;
  return (
    <div
      role="status"
      data-status={isPassed ? "completed" : "failed"}
      className="flex gap-2 border-b bg-tone-tint px-4 py-2.5 text-xs"
    >
      <Icon aria-hidden size={14} className="mt-px shrink-0 text-tone" />
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="font-medium text-tone">{isPassed ? words.passed(name) : words.failedTest(name)}</p>
        {unanswered.length > 0 && <p className="text-ink">{words.unanswered(unanswered.join(", "))}</p>}
        {first && <p className="text-ink">{differenceText(first)}</p>}
        {others.length > 0 && <p className="text-ink-2">{words.differences.more(others.length)}</p>}
      </div>
    </div>
  );
}

function differenceText(difference: TrialDifference): string {
  const said = words.differences;
  switch (difference.of) {
    case "status":
      return said.status(difference.expected, difference.actual);
    case "error":
      return said.error(
        difference.expected,
        difference.actual === null ? said.noError : said.errorWas(difference.actual),
      );
    case "output":
      return said.output;
    case "path": {
      const { step, expected, actual } = difference;
      if (expected !== null && actual !== null) return said.other(step, endedText(expected), endedText(actual));
      if (expected !== null) return said.missing(step, endedText(expected));
      return said.unexpected(step, actual === null ? "" : endedText(actual));
    }
  }
}

function endedText({ ended, port }: PassedStep): string {
  return port === undefined ? ended : words.onPort(ended, port);
}
