"use client";
/** One approval: what is asked, of whom, until when; the form while it waits, and afterwards who decided what and why. */
import Link from "next/link";
import { useApproval } from "@/lib/client/approvals";
import { absoluteTime } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { texts } from "@/lib/client/texts";
import { approvalTexts as words } from "@/lib/client/texts/approvals";
import type { Approval } from "@/lib/contract/approvals";
import { Fact, Facts } from "../_rooms/facts";
import { Actor } from "../_ui/actor";
import { CopyButton } from "../_ui/copy-button";
import { Failure } from "../_ui/failure";
import { JsonView } from "../_ui/json-view";
import { Skeleton } from "../_ui/skeleton";
import { RelativeTime } from "../_ui/time";
import { ApprovalStatusWord } from "./approval-status";
import { DecideForm } from "./decide-form";

export function ApprovalPanel({ id }: { id: string }) {
  const approval = useApproval(id);
  if (approval.isError && !approval.data)
    return <Failure error={approval.error} title={words.gone} onRetry={() => approval.refetch()} />;
  if (!approval.data) return <PanelSkeleton />;
  return <Shown key={id} approval={approval.data} />;
}

function Shown({ approval }: { approval: Approval }) {
  const mayRead = useMay("read");
  const { title, description, node, index, status, requestedAt, expiresAt, assignees } = approval;
  return (
    <div className="flex flex-col gap-4 px-4 py-3 max-sm:px-5">
      <div className="flex flex-col gap-1">
        <p className="text-base font-semibold break-words">{title ?? words.untitled(node)}</p>
        {description && <p className="text-sm break-words whitespace-pre-wrap text-ink-2">{description}</p>}
      </div>
      <Facts>
        <Fact name={words.columns.status}>
          <ApprovalStatusWord status={status} />
        </Fact>
        <Fact name={words.columns.workflow}>{approval.workflow}</Fact>
        <Fact name={words.execution}>
          <span className="inline-flex items-center gap-1 font-mono">
            {mayRead ? (
              <Link
                prefetch={false}
                href={`/executions/${approval.executionId}?step=${encodeURIComponent(node)}`}
                className="rounded-sm text-accent hover:underline"
              >
                {approval.executionId}
              </Link>
            ) : (
              approval.executionId
            )}
            <CopyButton value={approval.executionId} label={texts.common.copyId} className="-my-1" />
          </span>
        </Fact>
        <Fact name={words.step}>
          <span className="font-mono">{index ? `${node}[${index.join(",")}]` : node}</span>
        </Fact>
        <Fact name={words.asked}>{assignees.length === 0 ? words.anyone : assignees.join(", ")}</Fact>
        <Fact name={words.requested}>
          <RelativeTime at={requestedAt} />
        </Fact>
        {status === "pending" && (
          <Fact name={words.due}>
            {expiresAt === null ? (
              words.noDeadline
            ) : (
              <>
                <RelativeTime at={expiresAt} />, {absoluteTime(expiresAt)}
              </>
            )}
          </Fact>
        )}
      </Facts>
      {status === "pending" ? <Waiting approval={approval} /> : <Decided approval={approval} />}
    </div>
  );
}

function Waiting({ approval }: { approval: Approval }) {
  const mayDecide = useMay("decide");
  if (approval.mayDecide) return <DecideForm approval={approval} />;
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-xs text-ink-2">
      {mayDecide ? words.namesOthers : words.mayNotDecide}
    </p>
  );
}

function Decided({ approval: { decidedBy, decidedAt, comment, data, dataRef } }: { approval: Approval }) {
  return (
    <section aria-label={words.columns.decided} className="flex flex-col gap-3 border-t pt-3">
      <Facts>
        {decidedBy && (
          <Fact name={words.columns.decided}>
            <Actor actor={decidedBy} />
          </Fact>
        )}
        {decidedAt && (
          <Fact name={words.when}>
            <RelativeTime at={decidedAt} />, {absoluteTime(decidedAt)}
          </Fact>
        )}
      </Facts>
      {comment && <blockquote className="border-l-2 pl-3 text-sm whitespace-pre-wrap">{comment}</blockquote>}
      {data !== null && dataRef === undefined ? (
        <JsonView value={data} title={words.answer} />
      ) : (
        decidedBy && <p className="text-xs text-ink-3">{words.noAnswer}</p>
      )}
    </section>
  );
}

function PanelSkeleton() {
  return (
    <div role="status" aria-label={texts.common.loading} className="flex flex-col gap-3 px-4 py-4">
      <Skeleton className="h-5 w-2/3" />
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="mt-4 h-24 w-full" />
    </div>
  );
}
