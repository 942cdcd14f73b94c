/** How a schedule stands: it runs, it is paused, or its last run could not be started. */
import { scheduleTexts } from "@/lib/client/texts/schedules";
import type { Schedule } from "@/lib/contract/schedules";
import { StatusIcon } from "../_ui/status";

const LOOKS = { active: "completed", paused: "paused", failing: "failed" } as const;

export function stateOf({ paused, lastError }: Pick<Schedule, "paused" | "lastError">): keyof typeof LOOKS {
  if (paused) return "paused";
  return lastError === null ? "active" : "failing";
}

export function ScheduleState({ schedule }: { schedule: Pick<Schedule, "paused" | "lastError"> }) {
  const state = stateOf(schedule);
  return (
    <span data-status={LOOKS[state]} className="inline-flex min-w-0 items-center gap-1.5 text-tone">
      <StatusIcon status={LOOKS[state]} />
      <span className="truncate">{scheduleTexts.states[state]}</span>
    </span>
  );
}
