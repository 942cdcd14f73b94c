"use client";
/** Terminate, pause and resume: what it does, and a reason. */
import { useControl } from "@/lib/client/controls";
import { actionTexts } from "@/lib/client/texts/actions";
import type { Execution } from "@/lib/contract/executions";
import { isOpenStep } from "@/lib/core/execution/statuses";
import { toast } from "../../_ui/toast";
import { ActionDialog, ReasonField, reasonOf, useIdempotencyKey } from "./action-dialog";

export function ControlDialog({
  execution,
  verb,
  onClose,
}: {
  execution: Execution;
  verb: "terminate" | "pause" | "resume";
  onClose: () => void;
}) {
  const words = actionTexts[verb];
  const control = useControl(execution.id);
  const idempotencyKey = useIdempotencyKey();
  const { description } = words;
  return (
    <ActionDialog
      title={words.title}
      description={
        typeof description === "string" ? description : description(execution.steps.filter(isOpenStep).length)
      }
      submit={words.submit}
      danger={verb === "terminate"}
      busy={control.isPending}
      error={control.error}
      onClose={onClose}
      onSubmit={(fields) =>
        control.mutate(
          { verb, body: reasonOf(fields), idempotencyKey },
          {
            onSuccess: () => {
              toast.done(words.done);
              onClose();
            },
          },
        )
      }
    >
      <ReasonField />
    </ActionDialog>
  );
}
