"use client";
/** How far something is: a thin bar; the numbers stand beside it, for a bar alone says too little. */
import { useIsDrawn } from "./is-drawn";

export function ProgressBar({
  label,
  done,
  total,
  status,
}: {
  label: string;
  done: number;
  total: number;
  status?: string;
}) {
  const isDrawn = useIsDrawn();
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      data-status={status ?? "running"}
      className="block h-1 w-full overflow-hidden rounded-full bg-active"
    >
      <span
        className="block h-full rounded-full bg-tone-fill transition-[width] duration-200"
        style={isDrawn ? { width: `${share * 100}%` } : undefined}
      />
    </span>
  );
}
