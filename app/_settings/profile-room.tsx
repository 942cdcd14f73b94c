"use client";
/** One's own account: name and email, password, second factor, and where one is signed in. */
import { type ReactNode, useState } from "react";
import { changeEmail, changeName, changePassword, type Ended } from "@/lib/client/people";
import { useRefreshSessions } from "@/lib/client/settings";
import { peopleTexts } from "@/lib/client/texts/people";
import { Button } from "../_ui/button";
import { Field, Input } from "../_ui/field";
import { ScrollArea } from "../_ui/scroll-area";
import { toast } from "../_ui/toast";
import { SecondFactor } from "./second-factor";
import { Sessions } from "./sessions";

const words = peopleTexts.settings.profile;

export function ProfileRoom({ name, email, sessionId }: { name: string; email: string; sessionId: string }) {
  const refreshSessions = useRefreshSessions();
  return (
    <ScrollArea label={peopleTexts.settings.tabs.profile}>
      <div className="flex max-w-2xl flex-col gap-10 px-4 py-6 md:px-6">
        <Section title={words.nameTitle}>
          <Small send={(data) => changeName(textOf(data, "name"))} done={peopleTexts.settings.saved}>
            <Field label={peopleTexts.account.name}>
              {(field) => (
                <Input {...field} name="name" defaultValue={name} required maxLength={100} autoComplete="name" />
              )}
            </Field>
          </Small>
          <Small send={(data) => changeEmail(textOf(data, "email"))} done={words.emailAsked}>
            <Field label={peopleTexts.account.email} hint={words.emailHint}>
              {(field) => (
                <Input {...field} name="email" type="email" defaultValue={email} required autoComplete="email" />
              )}
            </Field>
          </Small>
        </Section>
        <Section title={words.passwordTitle}>
          <Small
            send={(data) => changePassword(textOf(data, "current"), textOf(data, "next"))}
            done={words.changed}
            submit={words.change}
            refusal={(status) => (status === 400 ? words.wrongPassword : null)}
            onDone={refreshSessions}
          >
            <Field label={words.current}>
              {(field) => <Input {...field} name="current" type="password" required autoComplete="current-password" />}
            </Field>
            <Field label={peopleTexts.account.newPassword} hint={peopleTexts.account.passwordRule}>
              {(field) => (
                <Input
                  {...field}
                  name="next"
                  type="password"
                  required
                  minLength={12}
                  maxLength={128}
                  autoComplete="new-password"
                />
              )}
            </Field>
          </Small>
        </Section>
        <Section title={words.factorTitle}>
          <SecondFactor />
        </Section>
        <Section title={words.sessionsTitle}>
          <Sessions current={sessionId} />
        </Section>
      </div>
    </ScrollArea>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-4">
      <h2 className="border-b pb-2 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** A form of one change; it empties itself once a password was in it. */
function Small({
  send,
  done,
  submit = peopleTexts.settings.save,
  refusal = () => null,
  onDone,
  children,
}: {
  send: (data: FormData) => Promise<Ended<unknown>>;
  done: string;
  submit?: string;
  refusal?: (status: number) => string | null;
  onDone?: () => void;
  children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  return (
    <form
      method="post"
      className="flex max-w-sm flex-col gap-3"
      onSubmit={async (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        setBusy(true);
        const ended = await send(new FormData(form));
        setBusy(false);
        if (!ended.ok) return toast.failed(refusal(ended.status) ?? peopleTexts.account.refusal(ended.status));
        toast.done(done);
        for (const input of form.querySelectorAll<HTMLInputElement>("input[type=password]")) input.value = "";
        onDone?.();
      }}
    >
      {children}
      <Button type="submit" busy={busy} className="self-start">
        {submit}
      </Button>
    </form>
  );
}

function textOf(data: FormData, name: string): string {
  return String(data.get(name)).trim();
}
