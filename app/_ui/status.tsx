/** The one place that says what a status looks like: icon, word and tone always together, so that none depends on colour. */
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleSlash,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  RotateCcw,
  ShieldAlert,
  TimerOff,
  Undo2,
} from "lucide-react";
import { texts } from "@/lib/client/texts";
import type { ExecutionStatus, StepStatus } from "@/lib/contract/executions";
import { classNames } from "./class-names";

type AnyStatus = ExecutionStatus | StepStatus;

const ICONS: Record<AnyStatus, LucideIcon> = {
  scheduled: CircleDot,
  running: LoaderCircle,
  waiting: Hourglass,
  paused: CirclePause,
  compensating: Undo2,
  completed: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
  terminated: OctagonX,
  timed_out: TimerOff,
  quarantined: ShieldAlert,
  pending: CircleDashed,
  retrying: RotateCcw,
  skipped: CircleSlash,
};

export function StatusIcon({ status, size = 14, className }: { status: AnyStatus; size?: number; className?: string }) {
  const Icon = ICONS[status] ?? CircleDashed;
  return (
    <Icon
      aria-hidden
      data-status={status}
      size={size}
      strokeWidth={2}
      className={classNames("shrink-0 text-tone", status === "running" && "animate-turn", className)}
    />
  );
}

/** Icon and word, in the tone of the status; `badge` sets it on the tone's tint. */
export function Status({ status, badge = false }: { status: AnyStatus; badge?: boolean }) {
  return (
    <span
      data-status={status}
      className={classNames(
        "inline-flex items-center gap-1.5 whitespace-nowrap text-tone",
        badge ? "h-6 rounded-md bg-tone-tint px-2 text-xs font-medium" : "text-sm",
      )}
    >
      <StatusIcon status={status} />
      {texts.status[status] ?? status}
    </span>
  );
}
