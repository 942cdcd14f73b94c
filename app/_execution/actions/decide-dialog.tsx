"use client";
/** Decides an approval where one sees what it is about, by the form that the inbox has. */
import { usePendingApprovals } from "@/lib/client/controls";
import { absoluteTime } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { actionTexts } from "@/lib/client/texts/actions";
import { approvalTexts } from "@/lib/client/texts/approvals";
import { DecideForm } from "../../_approvals/decide-form";
import { Dialog } from "../../_ui/dialog";
import { Failure } from "../../_ui/failure";
import { Skeleton } from "../../_ui/skeleton";
import { stepKey } from "../timeline-model";

const words = actionTexts.decide;

interface Place {
  node: string;
  iteration: number;
  index: readonly number[] | undefined;
}

const keyOf = ({ index, ...place }: Place) => stepKey({ ...place, ...(index && { index: [...index] }) });

export function DecideDialog({
  executionId,
  place,
  onClose,
}: {
  executionId: string;
  place: Place;
  onClose: () => void;
}) {
  const pending = usePendingApprovals(executionId, true);
  const approval = pending.data?.items.find((each) => keyOf({ index: undefined, ...each }) === keyOf(place));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={approval?.title ?? words.title}
      description={approval?.description ?? place.node}
      wide
    >
      {approval ? (
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
          <p className="text-xs text-ink-3">
            {approval.assignees.length > 0 ? words.assignees(approval.assignees.join(", ")) : words.anyone}
            {approval.expiresAt !== null && ` ${words.by(absoluteTime(approval.expiresAt))}.`}
          </p>
          {approval.mayDecide ? (
            <DecideForm key={approval.id} approval={approval} onDone={onClose} />
          ) : (
            <p className="rounded-md bg-sunken px-3 py-2 text-xs text-ink-2">{approvalTexts.namesOthers}</p>
          )}
        </div>
      ) : pending.isError ? (
        <Failure error={pending.error} onRetry={() => pending.refetch()} />
      ) : pending.isPending ? (
        <div className="flex flex-col gap-3 px-5 py-4" role="status" aria-label={texts.common.loading}>
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-8 w-full" />
        </div>
      ) : (
        <p className="px-5 py-6 text-ink-2">{words.gone}</p>
      )}
    </Dialog>
  );
}
