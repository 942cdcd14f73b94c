"use client";
/** Decides an approval where one sees what it is about: its form, a comment, and the two decisions. */
import { useState } from "react";
import { useDecision, usePendingApprovals } from "@/lib/client/controls";
import { absoluteTime } from "@/lib/client/format";
import { answerErrors, firstAnswer } from "@/lib/client/schema-form";
import { texts } from "@/lib/client/texts";
import { actionTexts } from "@/lib/client/texts/actions";
import type { Approval } from "@/lib/contract/approvals";
import type { JsonValue } from "@/lib/contract/json";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Failure } from "../../_ui/failure";
import { Field, Input } from "../../_ui/field";
import { SchemaForm } from "../../_ui/schema-form";
import { Skeleton } from "../../_ui/skeleton";
import { toast } from "../../_ui/toast";
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
        <Decision key={approval.id} approval={approval} onClose={onClose} />
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

type Verdict = "approved" | "rejected";

function Decision({ approval, onClose }: { approval: Approval; onClose: () => void }) {
  const { form, assignees, expiresAt } = approval;
  const decision = useDecision(approval.executionId);
  const [answer, setAnswer] = useState<JsonValue>(() => firstAnswer(form));
  const [comment, setComment] = useState("");
  const [tried, setTried] = useState(false);

  function decide(verdict: Verdict) {
    setTried(true);
    const asksForData = form !== null && verdict === "approved";
    if (asksForData && answerErrors(form, answer).size > 0) return;
    const body = {
      decision: verdict,
      ...(asksForData && { data: answer }),
      ...(comment.trim() !== "" && { comment: comment.trim() }),
    };
    decision.mutate(
      { approval: approval.id, body },
      {
        onSuccess: () => {
          toast.done(words[verdict]);
          onClose();
        },
      },
    );
  }

  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        decide("approved");
      }}
    >
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
        <p className="text-xs text-ink-3">
          {assignees.length > 0 ? words.assignees(assignees.join(", ")) : words.anyone}
          {expiresAt !== null && ` ${words.by(absoluteTime(expiresAt))}.`}
        </p>
        {form !== null && (
          <SchemaForm schema={form} answer={answer} onChange={setAnswer} showErrors={tried} label={words.answer} />
        )}
        <Field label={words.comment} hint={words.commentHint} optional={texts.common.optional}>
          {(field) => (
            <Input
              {...field}
              value={comment}
              onChange={({ target }) => setComment(target.value)}
              maxLength={4000}
              autoComplete="off"
            />
          )}
        </Field>
      </div>
      {decision.error && (
        <p role="alert" className="mx-5 mb-3 rounded-md bg-danger-tint px-2.5 py-2 text-xs break-words text-danger">
          {actionTexts.problem(decision.error)}
        </p>
      )}
      <div className="flex shrink-0 justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button disabled={decision.isPending} onClick={() => decide("rejected")}>
          {words.reject}
        </Button>
        <Button type="submit" variant="solid" busy={decision.isPending}>
          {words.approve}
        </Button>
      </div>
    </form>
  );
}
