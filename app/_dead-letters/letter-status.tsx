/** What became of a dead letter: open ones need somebody, the others are dealt with. */
import { deadLetterTexts } from "@/lib/client/texts/dead-letters";
import type { DeadLetterStatus } from "@/lib/contract/dead-letters";
import { StatusIcon } from "../_ui/status";

const LOOKS = { open: "failed", retried: "retrying", resolved: "completed" } as const;

export function LetterStatus({ status }: { status: DeadLetterStatus }) {
  return (
    <span data-status={LOOKS[status]} className="inline-flex items-center gap-1.5 whitespace-nowrap text-tone">
      <StatusIcon status={LOOKS[status]} />
      {deadLetterTexts.status[status]}
    </span>
  );
}
