"use client";
/** The number beside a room of what waits in it for a person; it lies in room that is kept free, so that nothing moves. */
import { type Attention, useOpenDeadLetters, usePendingApprovals } from "@/lib/client/attention";
import { useMay } from "@/lib/client/permissions";
import { shellTexts } from "@/lib/client/texts/shell";
import { classNames } from "../_ui/class-names";

interface Shown {
  text: string;
  spoken: string;
  /** Of the status that is counted. */
  tone: "waiting" | "failed";
}

/** By the room's address; none where nothing waits. */
export function useAttention(): Readonly<Record<string, Shown | null>> {
  const approvals = usePendingApprovals(useMay("inbox"));
  const deadLetters = useOpenDeadLetters(useMay("read"));
  return {
    "/approvals": shown(approvals, shellTexts.pending, "waiting"),
    "/dead-letters": shown(deadLetters, shellTexts.failures, "failed"),
  };
}

function shown(
  attention: Attention | undefined,
  spoken: (count: number, orMore: boolean) => string,
  tone: Shown["tone"],
): Shown | null {
  if (attention === undefined || attention.count === 0) return null;
  const { count, orMore } = attention;
  return { text: count > 99 || orMore ? "99+" : String(count), spoken: spoken(count, orMore), tone };
}

export function AttentionBadge({ shown, inCorner }: { shown: Shown | null | undefined; inCorner?: boolean }) {
  if (!shown) return null;
  return (
    <span
      data-status={shown.tone}
      className={classNames(
        "inline-flex min-w-5 items-center justify-center rounded-full bg-tone-tint px-1.5 text-2xs leading-[18px] font-medium text-tone tabular",
        inCorner ? "absolute top-1 left-1/2 ml-1.5" : "ml-auto",
      )}
    >
      <span aria-hidden>{shown.text}</span>
      <span className="sr-only">, {shown.spoken}</span>
    </span>
  );
}
