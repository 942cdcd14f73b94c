"use client";
/** Cancels after saying what that does. The reason stands in the history. */
import type { FormEvent } from "react";
import { ApiError } from "@/lib/client/api";
import { useCancelExecution } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import type { Execution } from "@/lib/contract/executions";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { Field, Input } from "../_ui/field";
import { toast } from "../_ui/toast";

const words = texts.cancel;

export function CancelDialog({
  execution,
  open,
  onOpenChange,
}: {
  execution: Execution;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const cancel = useCancelExecution(execution.id);
  const openSteps = execution.steps.filter((step) =>
    ["scheduled", "running", "waiting", "retrying"].includes(step.status),
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason")).trim();
    cancel.mutate(
      { reason: reason || undefined },
      {
        onSuccess: () => {
          toast.done(words.done);
          onOpenChange(false);
        },
        onError: (error) => {
          if (!(error instanceof ApiError && error.code === "EXECUTION_CLOSED")) return;
          toast.told(words.closed);
          onOpenChange(false);
        },
      },
    );
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={words.title}
      description={words.description(openSteps.length)}
    >
      <form onSubmit={submit}>
        <div className="px-5 py-4">
          <Field
            label={words.reason}
            hint={words.reasonHint}
            optional={texts.common.optional}
            error={cancel.error ? texts.errors.sentence(cancel.error) : null}
          >
            {(field) => <Input {...field} name="reason" maxLength={2000} autoComplete="off" />}
          </Field>
        </div>
        <div className="flex justify-end gap-2 border-t px-5 py-3">
          <Button variant="ghost" onClick={() => onOpenChange(false)}>
            {words.keep}
          </Button>
          <Button type="submit" variant="danger" busy={cancel.isPending}>
            {words.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
