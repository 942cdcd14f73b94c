"use client";
/** The frame of every action's dialog: what it does, its fields, what went wrong, and one button that does it once. */
import { type FormEvent, type ReactNode, useState } from "react";
import { texts } from "@/lib/client/texts";
import { actionTexts } from "@/lib/client/texts/actions";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Field, Input } from "../../_ui/field";

const words = actionTexts.dialog;

export function ActionDialog({
  title,
  description,
  submit,
  keep = texts.common.cancel,
  danger,
  busy,
  blocked,
  error,
  onSubmit,
  onClose,
  children,
  wide,
}: {
  title: string;
  description: ReactNode;
  /** The name of the button that does it. */
  submit: string;
  keep?: string;
  danger?: boolean;
  busy: boolean;
  /** Something is missing still. */
  blocked?: boolean;
  error: Error | null;
  onSubmit: (fields: FormData) => void;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  function onForm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    event.stopPropagation();
    if (!busy && !blocked) onSubmit(new FormData(event.currentTarget));
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={description} wide={wide}>
      <form onSubmit={onForm} className="flex min-h-0 flex-col">
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">{children}</div>
        {error && (
          <p role="alert" className="mx-5 mb-3 rounded-md bg-danger-tint px-2.5 py-2 text-xs break-words text-danger">
            {actionTexts.problem(error)}
          </p>
        )}
        <div className="flex shrink-0 justify-end gap-2 border-t px-5 py-3">
          <Button variant="ghost" onClick={onClose}>
            {keep}
          </Button>
          <Button type="submit" variant={danger ? "danger" : "solid"} busy={busy} disabled={blocked}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function ReasonField() {
  return (
    <Field label={words.reason} hint={words.reasonHint} optional={texts.common.optional}>
      {(field) => <Input {...field} name="reason" maxLength={2000} autoComplete="off" />}
    </Field>
  );
}

/** As a control takes it: left out where nothing was written. */
export function reasonOf(fields: FormData): { reason?: string } {
  const reason = String(fields.get("reason") ?? "").trim();
  return reason === "" ? {} : { reason };
}

/** One opening does its action at most once, however often it is sent. */
export function useIdempotencyKey(): string {
  const [key] = useState(() => crypto.randomUUID());
  return key;
}
