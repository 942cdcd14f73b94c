"use client";
/** Why an open execution is where it is, and why a closed one ended as it did, in one sentence. */
import { useNow } from "@/lib/client/clock";
import { clockTime, duration, relativeTime } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import type { Execution, WaitingFor } from "@/lib/contract/executions";
import { StatusIcon } from "../_ui/status";
import type { Overlay } from "./step-overlay";
import type { TimelineModel } from "./timeline-model";

const words = texts.execution;
const DAY_MS = 86_400_000;

export function WaitSentence({
  execution,
  overlay,
  timeline,
}: {
  execution: Execution;
  overlay: Overlay;
  timeline: TimelineModel;
}) {
  const open = execution.closedAt === null;
  const now = useNow(open ? 1000 : null);
  const said = open ? waitOf(execution, overlay, now) : endOf(execution, timeline);
  if (!said) return null;
  const ended = execution.closedAt !== null;
  return (
    <p
      data-status={execution.status}
      className={`flex min-h-9 items-start gap-2 border-t px-4 py-2 text-sm md:px-6 ${ended && execution.error ? "bg-tone-tint text-tone" : "text-ink-2"}`}
    >
      <StatusIcon status={execution.status} className="mt-[3px]" />
      <span className="line-clamp-2 min-w-0 break-words">{said}</span>
    </p>
  );
}

function waitOf(execution: Execution, overlay: Overlay, now: number): string {
  const [first, ...others] = execution.waitingFor;
  if (overlay.size > 0 || !first) {
    const [node, ...rest] = [...overlay.keys()];
    if (node === undefined) return texts.status[execution.status];
    return [words.running(node), ...(rest.length > 0 ? [words.andMore(rest.length)] : [])].join(" ");
  }
  const parts = [
    texts.waiting[first.kind](first.node),
    words.since(duration(now - Date.parse(first.since), { whole: true })),
  ];
  if (first.until && first.kind !== "worker") parts.push(untilText(first, now));
  if (others.length > 0) parts.push(words.andMore(others.length));
  // The server alone knows whether any worker could take it, and the history which error it was.
  const detail = first.kind === "worker" || first.kind === "retry" ? `. ${first.detail}` : "";
  return parts.join(" ") + detail;
}

function untilText(wait: WaitingFor, now: number): string {
  const until = Date.parse(wait.until ?? "");
  const said = until - now > DAY_MS ? relativeTime(until, now) : `${clockTime(until)} (${relativeTime(until, now)})`;
  return until - now > DAY_MS ? `, due ${said}` : words.until(said);
}

function endOf(execution: Execution, timeline: TimelineModel): string | null {
  if (execution.error) {
    const node = timeline.error?.node;
    return `${execution.error.code}${node ? ` in ${node}` : ""}: ${execution.error.message}`;
  }
  return execution.status === "cancelled" ? timeline.cancelReason : null;
}
