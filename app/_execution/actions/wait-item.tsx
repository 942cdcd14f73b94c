"use client";
/** One thing that an execution waits for: its sentence, since when and until when, and what one can do about it. */
import Link from "next/link";
import { useMay } from "@/lib/client/permissions";
import { actionTexts } from "@/lib/client/texts/actions";
import { workerCommand } from "@/lib/client/worker-command";
import type { Explanation } from "@/lib/contract/controls";
import type { Execution } from "@/lib/contract/executions";
import type { CompiledTask } from "@/lib/core/definition/graph";
import { findStep } from "@/lib/core/execution/find-step";
import type { Wait } from "@/lib/core/execution/state";
import { Button, buttonClass } from "../../_ui/button";
import { CommandLine } from "../../_ui/command-line";
import { useOrigin } from "../../_ui/example-command";
import { StatusIcon } from "../../_ui/status";
import type { Snapshot } from "../execution-feed";
import { stepKey } from "../timeline-model";
import { ask } from "./asked";
import { usePossible } from "./use-possible";

const words = actionTexts.why;

type Item = Explanation["items"][number];

interface WaitProps {
  execution: Execution;
  snapshot: Snapshot;
  item: Item;
  onSelect: (step: string) => void;
  /** At a moment in the past there is nothing to do. */
  live: boolean;
  /** It is what is selected: no need to lead there. */
  isSelected?: boolean;
}

export function WaitItem(props: WaitProps) {
  const { item } = props;
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1.5 last:border-b-0 md:px-6">
      <StatusIcon
        status={item.kind === "worker" ? "scheduled" : item.kind === "retry" ? "retrying" : "waiting"}
        size={13}
      />
      <p className="min-w-0 flex-1 basis-60 text-xs break-words">{item.sentence}</p>
      <span className="flex shrink-0 items-center gap-1.5">
        <WaitSteps {...props} />
      </span>
    </li>
  );
}

/** Buttons beside the sentence. */
export function WaitSteps({ execution, snapshot, item, onSelect, live, isSelected }: WaitProps) {
  const possible = usePossible(execution, snapshot);
  const mayDecide = useMay("decide");
  const step = stepKey({ iteration: 1, ...item });
  const { wait, task } = factsOf(snapshot, item);
  const show = !isSelected && (
    <Button size="sm" variant="ghost" onClick={() => onSelect(step)} aria-label={words.select(step)}>
      <span className="max-w-32 truncate font-mono text-2xs">{step}</span>
    </Button>
  );
  if (!live) return show;
  switch (item.kind) {
    case "approval":
      return (
        <>
          {show}
          {mayDecide && (
            <Button
              size="sm"
              variant="solid"
              onClick={() =>
                ask(execution.id, {
                  action: "decide",
                  node: item.node,
                  iteration: item.iteration ?? 1,
                  index: item.index,
                })
              }
            >
              {words.decide}
            </Button>
          )}
        </>
      );
    case "signal": {
      const name = wait?.kind === "signal" ? wait.signal : null;
      return (
        <>
          {show}
          {possible.has("signal") && (
            <Button size="sm" onClick={() => ask(execution.id, { action: "signal", name })}>
              {words.signal(name ?? "")}
            </Button>
          )}
        </>
      );
    }
    case "child":
      return (
        <>
          {show}
          {wait?.kind === "child" && (
            <Link prefetch={false} href={`/executions/${wait.executionId}`} className={buttonClass("outline", "sm")}>
              {words.child}
            </Link>
          )}
        </>
      );
    case "worker":
      return (
        <>
          {show}
          {task && (
            <Link
              prefetch={false}
              href={`/queues?queue=${encodeURIComponent(task.queue)}`}
              className={buttonClass("outline", "sm")}
            >
              {words.queue}
            </Link>
          )}
        </>
      );
    default:
      return show;
  }
}

/** The command that starts a worker for what the step waits for, with the address of this very server. */
export function WorkerCommand({ task, queue }: { task: string; queue: string }) {
  const origin = useOrigin();
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-xs text-ink-2">{words.workerHint(task, queue)}</p>
      <CommandLine command={workerCommand({ origin, queue })} />
    </div>
  );
}

/** What the folded state knows of it beyond the sentence. */
export function factsOf(
  { state }: Snapshot,
  item: Pick<Item, "node" | "index">,
): { wait: Wait | null; task: CompiledTask | null } {
  const ordinal = state?.graph.ordinals.get(item.node);
  if (state === null || ordinal === undefined) return { wait: null, task: null };
  const step = findStep(state, { ordinal, ...(item.index && { index: item.index }) });
  return { wait: step?.wait ?? null, task: state.graph.nodes[ordinal]?.task ?? null };
}
