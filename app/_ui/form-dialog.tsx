"use client";
/** A dialog with one form: what it asks, what went wrong, and the two ways out. */
import type { FormEvent, ReactNode } from "react";
import { texts } from "@/lib/client/texts";
import { Button } from "./button";
import { Dialog } from "./dialog";

export function FormDialog({
  open,
  onClose,
  title,
  description,
  submit,
  danger,
  busy,
  error,
  onSubmit,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  /** The button's text. */
  submit: string;
  danger?: boolean;
  busy: boolean;
  error: Error | null;
  onSubmit: (data: FormData) => void;
  children?: ReactNode;
}) {
  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  }
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      <form onSubmit={send} className="flex min-h-0 flex-col">
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
          {children}
          {error && (
            <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
              {texts.errors.sentence(error)}
            </p>
          )}
        </div>
        <div className="flex justify-end gap-2 border-t px-5 py-3">
          <Button variant="ghost" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button type="submit" variant={danger ? "danger" : "solid"} busy={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
