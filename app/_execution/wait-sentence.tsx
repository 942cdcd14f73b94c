"use client";
/** Why an open execution is where it is, and why a closed one ended as it did, in one sentence. */
import { useNow } from "@/lib/client/clock";
import { absoluteTime, clockTime, duration, relativeTime } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import type { Execution } from "@/lib/contract/executions";
import { StatusIcon } from "../_ui/status";
import type { Overlay } from "./step-overlay";
import type { TimelineModel } from "./timeline-model";

const words = texts.execution;
const HALF_DAY_MS = 43_200_000;

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
  const waitedMs = now - Date.parse(first.since);
  const waited = `${texts.waiting[first.kind](first.node)} ${words.since(duration(waitedMs, { whole: true }))}`;
  const until = first.until && first.kind !== "worker" ? ` ${words.until(dueText(Date.parse(first.until), now))}` : "";
  const more = others.length > 0 ? `, ${words.andMore(others.length)}` : "";
  // The server alone knows whether any worker could take it, and the history which error it was.
  const detail = first.kind === "worker" || first.kind === "retry" ? `. ${first.detail}` : "";
  return `${waited}${until}${more}${detail}`;
}

/** By the clock while that says enough, else by the date. */
function dueText(until: number, now: number): string {
  const when = until - now > HALF_DAY_MS ? absoluteTime(until) : clockTime(until);
  return `${when} (${relativeTime(until, now)})`;
}

function endOf(execution: Execution, timeline: TimelineModel): string | null {
  if (execution.error) {
    const node = timeline.error?.node;
    return `${execution.error.code}${node ? ` in ${node}` : ""}: ${execution.error.message}`;
  }
  return execution.status === "cancelled" ? timeline.cancelReason : null;
}
