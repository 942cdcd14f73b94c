/** What became of an approval, in the tones of the statuses that its step takes with it. */

import { approvalTexts } from "@/lib/client/texts/approvals";
import type { ApprovalStatus } from "@/lib/contract/approvals";
import { StatusIcon } from "../_ui/status";

const LOOKS = {
  pending: "waiting",
  approved: "completed",
  rejected: "failed",
  expired: "timed_out",
  cancelled: "cancelled",
} as const;

export function ApprovalStatusWord({ status }: { status: ApprovalStatus }) {
  return (
    <span data-status={LOOKS[status]} className="inline-flex items-center gap-1.5 whitespace-nowrap text-tone">
      <StatusIcon status={LOOKS[status]} />
      {approvalTexts.status[status]}
    </span>
  );
}
