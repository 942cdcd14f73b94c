"use client";
/** Sends a signal: its name is one that is awaited, or any; its payload any JSON. */
import { useId, useState } from "react";
import { useControl } from "@/lib/client/controls";
import { parseInput } from "@/lib/client/input-check";
import { actionTexts } from "@/lib/client/texts/actions";
import type { ExecutionState } from "@/lib/core/execution/state";
import { Field, Input } from "../../_ui/field";
import { toast } from "../../_ui/toast";
import { ActionDialog, useIdempotencyKey } from "./action-dialog";
import { JsonText } from "./json-text";

const words = actionTexts.signal;

export function SignalDialog({
  executionId,
  state,
  name: asked,
  onClose,
}: {
  executionId: string;
  state: ExecutionState | null;
  name: string | null;
  onClose: () => void;
}) {
  const control = useControl(executionId);
  const idempotencyKey = useIdempotencyKey();
  const awaited = [...new Set((state?.waiters ?? []).map(({ signal }) => signal))];
  const [name, setName] = useState(asked ?? awaited[0] ?? "");
  const [text, setText] = useState("");
  const payload = parseInput(text);
  const list = useId();
  return (
    <ActionDialog
      title={words.title}
      description={words.description}
      submit={words.submit}
      busy={control.isPending}
      blocked={name.trim() === "" || !payload.ok}
      error={control.error}
      onClose={onClose}
      onSubmit={() =>
        payload.ok &&
        control.mutate(
          { verb: `signals/${encodeURIComponent(name)}`, body: { payload: payload.value }, idempotencyKey },
          {
            onSuccess: () => {
              toast.done(words.done(name));
              onClose();
            },
          },
        )
      }
    >
      <Field label={words.name} hint={awaited.length > 0 ? words.awaited(awaited.join(", ")) : words.noneAwaited}>
        {(field) => (
          <Input
            {...field}
            list={list}
            value={name}
            onChange={({ target }) => setName(target.value)}
            maxLength={256}
            required
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-xs"
          />
        )}
      </Field>
      <datalist id={list}>
        {awaited.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <JsonText label={words.payload} hint={words.payloadHint} text={text} onChange={setText} />
    </ActionDialog>
  );
}
