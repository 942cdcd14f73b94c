"use client";
/** Retries or puts aside one failure, or many, after saying what that does; asked for once, however often one clicks. */
import { useState } from "react";
import { useBulkDeadLetters, useResolveDeadLetter, useRetryDeadLetter } from "@/lib/client/dead-letters";
import { texts } from "@/lib/client/texts";
import { deadLetterTexts as words } from "@/lib/client/texts/dead-letters";
import type { BulkDeadLetters, DeadLetterAction } from "@/lib/contract/dead-letters";
import { Field, Input } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";
import { toast } from "../_ui/toast";

export interface Settled {
  action: DeadLetterAction;
  /** Which: one by its id, some by their ids, or all open ones of a filter. */
  which: { id: string } | Pick<BulkDeadLetters, "ids" | "filter">;
  /** How many that are, as far as is known. */
  count: number;
}

export function SettleDialog({
  settled: { action, which, count },
  onClose,
  onDone,
}: {
  settled: Settled;
  onClose: () => void;
  onDone?: () => void;
}) {
  const said = words.dialogs[action];
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const retry = useRetryDeadLetter();
  const resolve = useResolveDeadLetter();
  const bulk = useBulkDeadLetters();
  const one = action === "retry" ? retry : resolve;
  const { isPending, error } = "id" in which ? one : bulk;

  function submit(data: FormData) {
    const note = String(data.get("note")).trim() || undefined;
    const finish = (text: string) => () => {
      toast.done(text);
      onDone?.();
      onClose();
    };
    if ("id" in which) {
      const onSuccess = finish(action === "retry" ? words.retried : words.resolved);
      one.mutate({ id: which.id, note, idempotencyKey }, { onSuccess });
    } else bulk.mutate({ action, ...which, note, idempotencyKey }, { onSuccess: finish(words.started(count)) });
  }

  return (
    <FormDialog
      open
      onClose={onClose}
      title={said.title(count)}
      description={said.description(count)}
      submit={said.submit(count)}
      busy={isPending}
      error={error}
      onSubmit={submit}
    >
      <Field label={said.note} hint={said.noteHint} optional={texts.common.optional}>
        {(field) => <Input {...field} name="note" maxLength={2000} autoComplete="off" />}
      </Field>
    </FormDialog>
  );
}
