"use client";
/** The draft tried in the page: a bar that moves it, on the left what one sets up and what waits, beside it the timeline of real executions. */
import { TriangleAlert } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import { useKeys } from "../../_shell/keys";
import { Button } from "../../_ui/button";
import { useMedia, WIDE } from "../../_ui/media";
import { ScrollArea } from "../../_ui/scroll-area";
import { Segments } from "../../_ui/segments";
import { showInFrame } from "../use-frame";
import { SetUp } from "./set-up";
import { TrialBody } from "./trial-body";
import type { Problem } from "./trial-desk";
import { TrialNow } from "./trial-now";
import { TrialToolbar } from "./trial-toolbar";
import { useDraft, useTrial } from "./use-trial";

export function TrialPanel() {
  const { desk, state } = useTrial();
  const draft = useDraft();
  const { run, problem } = state;
  const [tab, setTab] = useState<Tab>(run === null ? "setup" : "now");
  const isWide = useMedia(WIDE);
  // Where there is room, the timeline stands beside the others.
  const open = isWide && tab === "timeline" ? "now" : tab;
  const [picked, setPicked] = useState<string | null>(null);
  const [known, setKnown] = useState(run);
  // A trial that has begun is looked at; one that has gone is set up.
  if (known !== run) {
    setKnown(run);
    setPicked(null);
    setTab(run === null ? "setup" : "now");
  }
  useEffect(() => () => desk.pause(), [desk]);
  useKeys(words.keys, [{ keys: "mod+Enter", name: words.run, run: () => desk.run(draft) }]);
  return (
    <section
      aria-label={words.label}
      onKeyDownCapture={(event) => onModEnter(event, () => desk.run(draft))}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TrialToolbar>
        <Segments<Tab | "">
          label={words.side}
          // While a step is looked at, none of them is on: a press leads back.
          value={picked === null ? open : ""}
          onChange={(next) => {
            if (next !== "") setTab(next);
            setPicked(null);
          }}
          options={TABS.filter((name) => !isWide || name !== "timeline").map((value) => ({
            value,
            name: words.tabs[value],
          }))}
        />
      </TrialToolbar>
      {problem && <ProblemBar problem={problem} />}
      {run !== null && run.definition !== draft && (
        <div
          role="status"
          className="flex shrink-0 flex-wrap items-center gap-2 border-b bg-warning-tint px-4 py-1 text-xs text-warning"
        >
          <span className="mr-auto">{words.changed}</span>
          <Button size="sm" onClick={() => desk.again(draft)}>
            {words.again}
          </Button>
        </div>
      )}
      <TrialBody
        picked={picked}
        onPick={setPicked}
        side={
          open === "timeline" ? null : (
            <ScrollArea label={words.tabs[open]} className="md:w-[320px] md:flex-none md:border-r">
              {open === "setup" ? <SetUp /> : <TrialNow />}
            </ScrollArea>
          )
        }
      />
    </section>
  );
}

/** In a form it sends the form; on a button it does not press the button. */
function onModEnter(event: KeyboardEvent, run: () => void) {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  event.stopPropagation();
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (form === null) run();
  else form.requestSubmit();
}

const TABS = ["setup", "now", "timeline"] as const;
type Tab = (typeof TABS)[number];

function ProblemBar({ problem }: { problem: Problem }) {
  return (
    <div
      role="alert"
      className="flex shrink-0 items-center gap-2 border-b bg-danger-tint px-4 py-1 text-xs text-danger"
    >
      <TriangleAlert aria-hidden size={14} className="shrink-0" />
      <span className="mr-auto min-w-0">{problemText(problem)}</span>
      {problem.kind === "findings" && (
        <Button size="sm" onClick={() => showInFrame({ docked: "findings" })}>
          {words.problems.showFindings}
        </Button>
      )}
    </div>
  );
}

function problemText(problem: Problem): string {
  switch (problem.kind) {
    case "findings":
      return words.problems.findings(problem.findings.length);
    case "input":
      return words.problems.input(problem.message);
    case "bug":
      return words.problems.bug(problem.message);
  }
}
