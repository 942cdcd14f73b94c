"use client";
/** The decision on one approval: what its form asks for, a comment, and two buttons. Told once, however often one clicks. */
import { type FormEvent, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { useDecide } from "@/lib/client/approvals";
import { answerErrors, firstAnswer } from "@/lib/client/schema-form";
import { texts } from "@/lib/client/texts";
import { approvalTexts as words } from "@/lib/client/texts/approvals";
import type { Approval, DecideApproval } from "@/lib/contract/approvals";
import { Button } from "../_ui/button";
import { Field, inputClass } from "../_ui/field";
import { SchemaForm } from "../_ui/schema-form";
import { toast } from "../_ui/toast";

export function DecideForm({ approval, onDone }: { approval: Approval; onDone?: () => void }) {
  const decide = useDecide(approval.id);
  const [answer, setAnswer] = useState(() => firstAnswer(approval.form));
  const [comment, setComment] = useState("");
  const [isFilledIn, setIsFilledIn] = useState(false);
  const [tried, setTried] = useState(false);
  const asks = approval.form !== null;

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const pressed = (event.nativeEvent as SubmitEvent).submitter?.getAttribute("value");
    const decision: DecideApproval["decision"] = pressed === "rejected" ? "rejected" : "approved";
    // Whoever refuses owes no answer to the form, and may give half of one.
    const data = asks && (decision === "approved" || isFilledIn) ? (answer ?? {}) : undefined;
    if (decision === "approved" && asks && answerErrors(approval.form, data ?? {}).size > 0) return setTried(true);
    decide.mutate(
      { decision, data, comment: comment.trim() || undefined },
      {
        onSuccess: () => {
          toast.done(words.done[decision]);
          onDone?.();
        },
        onError: (error) => {
          if (error instanceof ApiError && error.status === 409) onDone?.();
        },
      },
    );
  }

  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      {asks && (
        <section aria-label={words.form} className="flex flex-col gap-3">
          <h3 className="text-xs font-medium text-ink-2">{words.form}</h3>
          <SchemaForm
            schema={approval.form}
            answer={answer}
            onChange={(next) => {
              setAnswer(next);
              setIsFilledIn(true);
            }}
            showErrors={tried}
            label={words.form}
          />
        </section>
      )}
      <Field label={words.comment} hint={words.commentHint} optional={texts.common.optional}>
        {(field) => (
          <textarea
            {...field}
            rows={2}
            maxLength={4000}
            value={comment}
            onChange={({ target }) => setComment(target.value)}
            className={`${inputClass} h-auto resize-y py-1.5 leading-5`}
          />
        )}
      </Field>
      {decide.error && (
        <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
          {refusal(decide.error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" value="approved" variant="solid" busy={decide.isPending}>
          {words.approve}
        </Button>
        <Button type="submit" value="rejected" disabled={decide.isPending}>
          {words.reject}
        </Button>
      </div>
    </form>
  );
}

function refusal(error: Error): string {
  if (error instanceof ApiError && error.code === "ALREADY_DECIDED") return words.alreadyDecided;
  if (error instanceof ApiError && error.code === "APPROVAL_CLOSED") return words.closed;
  return texts.errors.sentence(error);
}
