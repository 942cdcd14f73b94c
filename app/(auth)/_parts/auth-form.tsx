"use client";
/** A form of the account: what it says while it waits, what went wrong, and its one button. */
import { type FormEvent, type ReactNode, useState } from "react";
import type { Ended } from "@/lib/client/people";
import { peopleTexts } from "@/lib/client/texts/people";
import { Button } from "../../_ui/button";

export function AuthForm<T>({
  submit,
  send,
  onDone,
  refusal = () => null,
  children,
}: {
  /** The button's text. */
  submit: string;
  send: (data: FormData) => Promise<Ended<T>>;
  onDone: (value: T) => void;
  /** What a refusal means here; null for the usual sentence. */
  refusal?: (status: number, code: string | null) => string | null;
  children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    setSaid(null);
    const ended = await send(new FormData(event.currentTarget));
    if (ended.ok) return onDone(ended.value);
    setBusy(false);
    setSaid(refusal(ended.status, ended.code) ?? peopleTexts.account.refusal(ended.status));
  }

  return (
    // Sent before the page's script lives, what was typed must not end up in an address.
    <form method="post" onSubmit={onSubmit} className="flex flex-col gap-4 rounded-lg border bg-raised p-5">
      {children}
      {said && (
        <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
          {said}
        </p>
      )}
      <Button type="submit" variant="solid" busy={busy} className="h-9">
        {submit}
      </Button>
    </form>
  );
}
