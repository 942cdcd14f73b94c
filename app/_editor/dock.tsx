"use client";
/** What is open below the workflow: findings, a trial, a backtest; as tall as one wants it. */
import { X } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { editorTexts } from "@/lib/client/texts/editor";
import { ViewSkeleton } from "../_execution/skeletons";
import { Button } from "../_ui/button";
import { Tabs } from "../_ui/tabs";
import { FindingsPanel } from "./findings/findings-panel";
import { Splitter } from "./splitter";
import { useFindings } from "./use-editor";
import { DOCK, type Docked, showInFrame } from "./use-frame";

const words = editorTexts.dock;
const TrialPanel = dynamic(() => import("./trial/trial-panel").then((module) => module.TrialPanel), {
  ssr: false,
  loading: () => <ViewSkeleton />,
});
const BacktestPanel = dynamic(() => import("./backtest/backtest-panel").then((module) => module.BacktestPanel), {
  ssr: false,
  loading: () => <ViewSkeleton />,
});

const LEAST_PX = 120;
const MOST_PX = 720;
const USUAL_PX: Record<Docked, number> = { findings: 300, trial: 460, backtest: 360 };

export function Dock({ open }: { open: Docked }) {
  const [chosen, setHeight] = useState<number | null>(null);
  const height = chosen ?? USUAL_PX[open];
  const findings = useFindings();
  const content = { findings: <FindingsPanel />, trial: <TrialPanel />, backtest: <BacktestPanel /> };
  return (
    <>
      <Splitter label={words.resize} height={height} least={LEAST_PX} most={MOST_PX} onHeight={setHeight} />
      <section
        aria-label={words.label}
        style={{ height }}
        className="relative flex max-h-[70%] min-h-[120px] shrink-0 flex-col bg-canvas"
      >
        <Tabs
          label={words.label}
          open={open}
          onOpen={(docked) => showInFrame({ docked })}
          tabs={DOCK.map((name) => ({
            name,
            title: words[name],
            content: content[name],
            ...(name === "findings" && { count: findings.length }),
          }))}
        />
        <span className="absolute top-1.5 right-2">
          <Button
            variant="ghost"
            size="sm"
            aria-label={words.close}
            onClick={() => showInFrame({ docked: null })}
            className="px-1.5"
          >
            <X aria-hidden size={14} />
          </Button>
        </span>
      </section>
    </>
  );
}
