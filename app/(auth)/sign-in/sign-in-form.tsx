"use client";
/** Email and password; on success a full load of where the person wanted to go. */
import { type FormEvent, useRef, useState } from "react";
import { type SignInOutcome, signIn } from "@/lib/client/session";
import { texts } from "@/lib/client/texts";
import { Button } from "../../_ui/button";
import { Field, Input } from "../../_ui/field";

const SAID: Record<Exclude<SignInOutcome, "ok">, string> = {
  wrong: texts.signIn.wrong,
  "too-many": texts.signIn.tooMany,
  unreachable: texts.signIn.unreachable,
  failed: texts.signIn.failed,
};

export function SignInForm({ next }: { next: string }) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const password = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setSaid(null);
    const outcome = await signIn(String(data.get("email")), String(data.get("password")));
    if (outcome === "ok") return window.location.assign(next);
    setBusy(false);
    setSaid(SAID[outcome]);
    password.current?.select();
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4 rounded-lg border bg-raised p-5">
      <Field label={texts.signIn.email}>
        {(field) => (
          <Input {...field} name="email" type="email" autoComplete="username" required autoFocus className="h-9" />
        )}
      </Field>
      <Field label={texts.signIn.password} error={said}>
        {(field) => (
          <Input
            {...field}
            ref={password}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            className="h-9"
          />
        )}
      </Field>
      <Button type="submit" variant="solid" busy={busy} className="mt-1 h-9">
        {texts.signIn.submit}
      </Button>
    </form>
  );
}
