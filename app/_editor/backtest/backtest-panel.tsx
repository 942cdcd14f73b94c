"use client";
/** Replays recent executions against the draft: which, how far it is, and what came of each. */
import { History, Play, Square } from "lucide-react";
import { useMemo, useState, useSyncExternalStore } from "react";
import { backtestTexts as words } from "@/lib/client/texts/editor-backtest";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { canonicalJson } from "@/lib/contract/json";
import { Button } from "../../_ui/button";
import { Empty } from "../../_ui/empty";
import { Failure } from "../../_ui/failure";
import { inputClass } from "../../_ui/field";
import { ProgressBar } from "../../_ui/progress-bar";
import { Segments } from "../../_ui/segments";
import { useEditor, useEditorStore, useFindings } from "../use-editor";
import { BacktestRows } from "./backtest-rows";
import { type BacktestState, backtestOf } from "./backtest-run";

const COUNTS = ["20", "50", "200"] as const;
const KINDS: { [kind in keyof typeof words.kind]: readonly ExecutionStatus[] } = {
  closed: ["completed", "failed", "timed_out", "cancelled"],
  completed: ["completed"],
  failed: ["failed", "timed_out"],
};

export function BacktestPanel() {
  const run = backtestOf(useEditorStore());
  const state = useSyncExternalStore(run.subscribe, run.state, run.state);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Toolbar state={state} />
      {state.status === "failed" && state.error ? (
        <Failure error={state.error} />
      ) : state.status === "idle" ? (
        <Hint title={words.begin}>{words.limits}</Hint>
      ) : state.status === "done" && state.total === 0 ? (
        <Empty icon={History} title={words.emptyTitle}>
          <p>{words.empty}</p>
        </Empty>
      ) : (
        <BacktestRows state={state} />
      )}
    </div>
  );
}

function Toolbar({ state }: { state: BacktestState }) {
  const editor = useEditorStore();
  const run = backtestOf(editor);
  const [most, setMost] = useState<(typeof COUNTS)[number]>("50");
  const [kind, setKind] = useState<keyof typeof KINDS>("closed");
  const errors = useFindings().filter(({ severity }) => severity === "error").length;
  const isRunning = state.status === "running";
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-4 py-1.5 md:px-5">
      <span className="flex items-center gap-2 text-xs text-ink-2">
        {words.last}
        <Segments
          label={words.counts}
          options={COUNTS.map((value) => ({ value, name: value }))}
          value={most}
          onChange={setMost}
        />
        <span aria-hidden>{words.of}</span>
        <select
          aria-label={words.kinds}
          value={kind}
          onChange={({ target }) => setKind(target.value as keyof typeof KINDS)}
          className={`${inputClass} !h-7 !w-auto !text-xs`}
        >
          {Object.entries(words.kind).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </span>
      {isRunning ? (
        <Button size="sm" onClick={() => run.stop()}>
          <Square aria-hidden size={11} fill="currentColor" />
          {words.stop}
        </Button>
      ) : (
        <Button
          size="sm"
          variant={state.status === "idle" ? "solid" : "outline"}
          disabled={errors > 0}
          onClick={() => void run.start(editor.present.definition, KINDS[kind], Number(most))}
        >
          <Play aria-hidden size={11} fill="currentColor" />
          {state.status === "idle" ? words.run : words.again}
        </Button>
      )}
      {errors > 0 && !isRunning ? (
        <span className="text-xs text-danger">{words.hasErrors(errors)}</span>
      ) : (
        <Progress state={state} />
      )}
    </div>
  );
}

function Progress({ state: { status, rows, total, definition } }: { state: BacktestState }) {
  const present = useEditor(({ session }) => session.present.definition);
  const isStale = useMemo(
    () => definition !== null && definition !== present && canonicalJson(definition) !== canonicalJson(present),
    [definition, present],
  );
  if (status === "running")
    return (
      <span className="flex items-center gap-2 text-xs text-ink-2 tabular">
        <span className="w-28">
          <ProgressBar label={words.progressLabel} done={rows.length} total={total} />
        </span>
        {total === 0 ? words.reading : words.progress(rows.length, total)}
      </span>
    );
  return (
    <span role="status" className="text-xs text-ink-2">
      {[status === "stopped" && words.stopped(rows.length, total), isStale && words.stale].filter(Boolean).join(" ")}
    </span>
  );
}

function Hint({ title, children }: { title: string; children: string }) {
  return (
    <div className="flex max-w-[64ch] flex-col gap-1 px-4 py-4 text-sm md:px-5">
      <p>
        {words.lead} {title}
      </p>
      <p className="text-xs text-ink-3">{children}</p>
    </div>
  );
}
