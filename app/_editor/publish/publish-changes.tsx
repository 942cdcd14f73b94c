"use client";
/** What is new in a draft against the version that is published now: as a graph with marks, and as a list of what changed. */
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { useWorkflowVersion } from "@/lib/client/queries";
import { publishTexts as words } from "@/lib/client/texts/editor-publish";
import { workflowTexts } from "@/lib/client/texts/workflows";
import type { Definition } from "@/lib/contract/definition";
import type { WorkflowDetail } from "@/lib/contract/workflows";
import { drawable } from "../../_execution/graph-model";
import { ViewSkeleton } from "../../_execution/skeletons";
import { ScrollArea } from "../../_ui/scroll-area";
import { Segments } from "../../_ui/segments";
import { Skeleton } from "../../_ui/skeleton";
import { countChanges } from "../../_workflows/edge-changes";
import { ChangeList } from "../../_workflows/version-changes";
import { useEditor } from "../use-editor";
import { hashOf } from "./publication";

const DefinitionGraph = dynamic(
  () => import("../../_workflows/definition-graph").then((module) => module.DefinitionGraph),
  { ssr: false, loading: () => <ViewSkeleton /> },
);

type View = "graph" | "list" | "meanwhile";

export function PublishChanges({
  definition,
  latest,
  workflow,
}: {
  definition: Definition;
  /** Null: none was published. */
  latest: Definition | null;
  workflow: WorkflowDetail | null;
}) {
  const [view, setView] = useState<View>("graph");
  const baseVersion = useEditor(({ saving }) => saving.baseVersion);
  const isOvertaken = workflow !== null && baseVersion !== null && baseVersion < workflow.version;
  const count = useMemo(() => countChanges(latest ?? emptyOf(definition), definition), [latest, definition]);
  const options: { value: View; name: string; count?: number }[] = [
    { value: "graph", name: words.graph },
    { value: "list", name: words.list, count },
  ];
  if (isOvertaken) options.push({ value: "meanwhile", name: words.meanwhile(baseVersion, workflow.version) });
  return (
    <div className="flex h-[46dvh] min-h-0 min-w-0 shrink-0 flex-col lg:h-auto lg:flex-1">
      <div className="flex min-h-11 shrink-0 flex-wrap items-center justify-between gap-x-3 gap-y-1 border-b px-5 py-1.5">
        <p className="text-xs text-ink-2">{workflow === null ? words.first : words.against(workflow.version)}</p>
        <Segments label={words.views} options={options} value={view} onChange={setView} />
      </div>
      {view === "graph" ? (
        <Drawn definition={definition} latest={latest} />
      ) : view === "list" || !isOvertaken ? (
        <Listed label={words.list} before={latest ?? emptyOf(definition)} after={definition} />
      ) : (
        <Meanwhile name={definition.name} base={baseVersion} latest={latest} />
      )}
    </div>
  );
}

const emptyOf = ({ name }: Definition): Definition => ({ name, nodes: [], edges: [] });

function Drawn({ definition, latest }: { definition: Definition; latest: Definition | null }) {
  const [picked, pick] = useState<string>();
  if (definition.nodes.length === 0 && latest === null)
    return <p className="px-5 py-4 text-sm text-ink-2">{words.empty}</p>;
  const hash = `${hashOf(definition)}${latest === null ? "" : hashOf(latest)}`;
  return (
    <>
      <DefinitionGraph definition={definition} hash={hash} before={latest} picked={picked} onPick={pick} />
      {latest !== null && <Legend />}
    </>
  );
}

function Legend() {
  const { marks } = workflowTexts;
  return (
    <ul aria-label={workflowTexts.legend} className="flex shrink-0 gap-4 border-t px-5 py-2 text-2xs text-ink-2">
      {(["added", "changed", "removed"] as const).map((mark) => (
        <li key={mark} data-status={TONES[mark]} className="inline-flex items-center gap-1.5">
          <span
            aria-hidden
            className={`size-2.5 rounded-sm border-2 border-tone-fill ${mark === "removed" ? "border-dashed" : ""}`}
          />
          {marks[mark]}
        </li>
      ))}
    </ul>
  );
}

const TONES = { added: "completed", changed: "paused", removed: "failed" } as const;

function Listed({ label, before, after }: { label: string; before: Definition; after: Definition }) {
  return (
    <ScrollArea label={label} className="flex flex-col gap-4 px-5 py-4">
      <ChangeList before={before} after={after} />
    </ScrollArea>
  );
}

function Meanwhile({ name, base, latest }: { name: string; base: number; latest: Definition | null }) {
  const before = drawable(useWorkflowVersion(name, base).data?.definition);
  if (before === null || latest === null) return <Skeleton className="m-5 h-24" />;
  return <Listed label={words.list} before={before} after={latest} />;
}
