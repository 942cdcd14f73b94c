"use client";
/** Whether what one sees is live, still loading, old, or complete. */
import { useNow } from "@/lib/client/clock";
import { texts } from "@/lib/client/texts";
import type { Snapshot } from "./execution-feed";

const words = texts.execution.connection;

export function ConnectionBadge({ snapshot, total }: { snapshot: Snapshot; total: number }) {
  const { connection } = snapshot;
  const lost = connection.state === "reconnecting";
  const now = useNow(lost ? 1000 : null);
  const loaded = snapshot.events.length;
  const [tone, said] = lost
    ? (["retrying", words.reconnecting(now - connection.since)] as const)
    : connection.state === "failed"
      ? (["failed", words.failed] as const)
      : loaded < total
        ? (["pending", words.loading(loaded, total)] as const)
        : connection.state === "ended"
          ? (["cancelled", words.complete] as const)
          : (["completed", words.live] as const);
  return (
    <span
      role="status"
      data-status={tone}
      className="inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-ink-3 tabular"
    >
      <span
        aria-hidden
        className={`size-1.5 rounded-full bg-tone-fill ${said === words.live ? "animate-breathe" : ""}`}
      />
      {said}
    </span>
  );
}
