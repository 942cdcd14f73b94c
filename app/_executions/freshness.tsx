"use client";
/** Says that the list is live, or how old it is once it is not. */
import { useNow } from "@/lib/client/clock";
import { executionsTexts } from "@/lib/client/texts/executions";

export function Freshness({ updatedAt, failing }: { updatedAt: number; failing: boolean }) {
  const now = useNow(failing ? 1000 : null);
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-ink-3" role="status">
      <span
        aria-hidden
        data-status={failing ? "retrying" : "completed"}
        className={
          failing ? "size-1.5 rounded-full bg-tone-fill" : "size-1.5 animate-breathe rounded-full bg-tone-fill"
        }
      />
      {failing ? executionsTexts.stale(now - updatedAt) : executionsTexts.live}
    </span>
  );
}
