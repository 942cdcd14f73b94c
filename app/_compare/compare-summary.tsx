"use client";
/** On top of a comparison: where the two part, in sentences, and what each of them is. */
import Link from "next/link";
import { useMemo } from "react";
import { useWorkflowVersion } from "@/lib/client/queries";
import { compareTexts } from "@/lib/client/texts/compare";
import type { Execution } from "@/lib/contract/executions";
import { drawable } from "../_execution/graph-model";
import type { TimelineModel } from "../_execution/timeline-model";
import { Status } from "../_ui/status";
import { Elapsed, RelativeTime } from "../_ui/time";
import { type Comparison, lostMs } from "./compare-model";
import { diffDefinitions } from "./definition-diff";
import { diffJson } from "./json-diff";
import { divergenceSentence } from "./sentences";

const words = compareTexts;

export function CompareSummary({
  left,
  right,
  why,
  comparison,
  timelines,
  onStep,
}: {
  left: Execution;
  right: Execution;
  why: "before" | "newest" | undefined;
  comparison: Comparison;
  timelines: { left: TimelineModel; right: TimelineModel };
  onStep: (key: string) => void;
}) {
  const { divergence } = comparison;
  return (
    <section aria-label={words.title} className="shrink-0 border-b">
      <div className="flex flex-col gap-1 px-4 py-3 md:px-6">
        <p className="text-base font-medium">
          {divergence ? (
            <button
              type="button"
              onClick={() => onStep(divergence.pair.key)}
              className="rounded-sm text-left hover:underline"
            >
              {divergenceSentence(divergence)}
            </button>
          ) : (
            words.sentence.same
          )}
        </p>
        <p className="text-ink-2">
          {[inputSentence(comparison, timelines), timeSentence(left, right), slowestSentence(comparison)]
            .filter(Boolean)
            .join(" ")}
        </p>
        <VersionSentence left={left} right={right} />
      </div>
      <dl className="grid border-t md:grid-cols-2 md:divide-x md:divide-line">
        <Party name={words.thisOne} execution={left} />
        <Party
          name={words.other}
          execution={right}
          hint={why === undefined ? null : why === "before" ? words.chosenBefore : words.chosenNewest}
        />
      </dl>
    </section>
  );
}

function Party({ name, execution, hint = null }: { name: string; execution: Execution; hint?: string | null }) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 max-md:border-t max-md:first:border-t-0 md:px-6">
      <dt className="w-28 shrink-0 text-2xs text-ink-3">{name}</dt>
      <dd className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
        <Status status={execution.status} />
        <Link
          prefetch={false}
          href={`/executions/${execution.id}`}
          className={`min-w-0 truncate rounded-sm hover:underline ${execution.key ? "font-medium" : "font-mono text-xs"}`}
        >
          {execution.key ?? execution.id}
        </Link>
        <span className="font-mono text-2xs text-ink-3">v{execution.version}</span>
        <span className="text-xs whitespace-nowrap text-ink-2 tabular">
          {execution.startedAt && (
            <>
              <RelativeTime at={execution.startedAt} /> · <Elapsed from={execution.startedAt} to={execution.closedAt} />
            </>
          )}
        </span>
        {hint && <span className="text-2xs text-ink-3">{hint}</span>}
      </dd>
    </div>
  );
}

function inputSentence({ isInputSame }: Comparison, { left, right }: { left: TimelineModel; right: TimelineModel }) {
  if (isInputSame) return words.sentence.sameInputs;
  const { changes, isCut } = diffJson(jsonOf(left.input), jsonOf(right.input));
  return words.sentence.inputs(Math.max(1, changes.length), isCut);
}

/** A large value is compared by its hash alone. */
function jsonOf(value: TimelineModel["input"]) {
  return value !== null && "json" in value ? value.json : undefined;
}

function timeSentence(left: Execution, right: Execution): string | null {
  const [here, there] = [tookMs(left), tookMs(right)];
  if (here === null || there === null || here === there) return null;
  return here > there
    ? words.sentence.slower(here - there, there === 0 ? 0 : here / there)
    : words.sentence.faster(there - here);
}

function tookMs({ startedAt, closedAt }: Execution): number | null {
  return startedAt === null || closedAt === null ? null : Date.parse(closedAt) - Date.parse(startedAt);
}

function slowestSentence({ slowest }: Comparison): string | null {
  return slowest && words.sentence.mostOf(slowest.key, lostMs(slowest));
}

function VersionSentence({ left, right }: { left: Execution; right: Execution }) {
  const differs = left.version !== right.version || left.workflow !== right.workflow;
  const here = useWorkflowVersion(differs ? left.workflow : undefined, left.version);
  const there = useWorkflowVersion(differs ? right.workflow : undefined, right.version);
  const said = useMemo(() => {
    const [before, after] = [drawable(there.data?.definition), drawable(here.data?.definition)];
    return before && after ? diffDefinitions(before, after) : null;
  }, [here.data, there.data]);
  if (!differs) return null;
  const { definition } = words;
  const sentences =
    left.workflow === right.workflow
      ? [definition.differs(left.version, right.version)]
      : [definition.otherWorkflow(left.workflow, right.workflow)];
  if (said) {
    if (said.added.length > 0) sentences.push(definition.added(said.added));
    if (said.removed.length > 0) sentences.push(definition.removed(said.removed));
    if (said.changed.length > 0) sentences.push(definition.changed(said.changed));
    if (said.isElsewhere) sentences.push(definition.elsewhere);
    if (sentences.length === 1) sentences.push(definition.same);
  }
  return <p className="text-ink-2">{sentences.join(" ")}</p>;
}
