"use client";
/** The draft tried in the page: a bar that moves it, on the left what one sets up and what waits, beside it the timeline of real executions. */
import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import { useKeys } from "../../_shell/keys";
import { Button } from "../../_ui/button";
import { ScrollArea } from "../../_ui/scroll-area";
import { Segments } from "../../_ui/segments";
import { showInFrame } from "../use-frame";
import { SetUp } from "./set-up";
import type { Problem } from "./trial-desk";
import { TrialNow } from "./trial-now";
import { TrialTimeline } from "./trial-timeline";
import { TrialToolbar } from "./trial-toolbar";
import { useDraft, useTrial } from "./use-trial";

export function TrialPanel() {
  const { desk, state } = useTrial();
  const draft = useDraft();
  const { run, problem } = state;
  const [tab, setTab] = useState<"setup" | "now">(run === null ? "setup" : "now");
  const [known, setKnown] = useState(run);
  // A trial that has begun is looked at; one that has gone is set up.
  if (known !== run) {
    setKnown(run);
    setTab(run === null ? "setup" : "now");
  }
  useEffect(() => () => desk.pause(), [desk]);
  useKeys(words.keys, [{ keys: "mod+Enter", name: words.run, run: () => desk.run(draft) }]);
  return (
    <section aria-label={words.label} className="flex min-h-0 flex-1 flex-col">
      <TrialToolbar>
        <Segments
          label={words.side}
          value={tab}
          onChange={setTab}
          options={[
            { value: "setup", name: words.tabs.setup },
            { value: "now", name: words.tabs.now },
          ]}
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
      <div className="flex min-h-0 flex-1 max-md:flex-col max-md:overflow-y-auto">
        <div className="flex min-h-0 w-[320px] shrink-0 flex-col border-r max-md:w-full max-md:shrink max-md:border-r-0 max-md:border-b">
          <ScrollArea label={words.side} className="min-h-0 flex-1 overflow-y-auto">
            {tab === "setup" ? <SetUp /> : <TrialNow />}
          </ScrollArea>
        </div>
        <div className="flex min-h-[280px] min-w-0 flex-1 flex-col md:min-h-0">
          <TrialTimeline />
        </div>
      </div>
    </section>
  );
}

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
