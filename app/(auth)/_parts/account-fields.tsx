"use client";
/** The fields that several forms of the account have in common. */
import type { Ref } from "react";
import { peopleTexts } from "@/lib/client/texts/people";
import { Field, Input } from "../../_ui/field";

const words = peopleTexts.account;

export function EmailField({ value, autoFocus }: { value?: string; autoFocus?: boolean }) {
  return (
    <Field label={words.email}>
      {(field) => (
        <Input
          {...field}
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={320}
          defaultValue={value}
          readOnly={value !== undefined}
          autoFocus={autoFocus}
          className="h-9 read-only:bg-sunken read-only:text-ink-2"
        />
      )}
    </Field>
  );
}

export function PasswordField({ isNew, input }: { isNew?: boolean; input?: Ref<HTMLInputElement> }) {
  return (
    <Field label={isNew ? words.newPassword : words.password} hint={isNew ? words.passwordRule : undefined}>
      {(field) => (
        <Input
          {...field}
          ref={input}
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          required
          minLength={isNew ? 12 : undefined}
          maxLength={128}
          className="h-9"
        />
      )}
    </Field>
  );
}

export function NameField({ value }: { value?: string }) {
  return (
    <Field label={words.name}>
      {(field) => (
        <Input
          {...field}
          name="name"
          autoComplete="name"
          required
          maxLength={100}
          defaultValue={value}
          className="h-9"
        />
      )}
    </Field>
  );
}

export function CodeField({ kind }: { kind: "code" | "backup" }) {
  const isCode = kind === "code";
  return (
    <Field label={isCode ? words.code : words.backupCode} hint={isCode ? words.codeHint : words.backupCodeHint}>
      {(field) => (
        <Input
          {...field}
          key={kind}
          name="code"
          inputMode={isCode ? "numeric" : "text"}
          autoComplete="one-time-code"
          pattern={isCode ? "[0-9]{6}" : undefined}
          required
          maxLength={isCode ? 6 : 40}
          autoFocus
          className="h-9 font-mono tracking-widest"
        />
      )}
    </Field>
  );
}
