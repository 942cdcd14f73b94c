"use client";
/** Name, email, password; then either in, or a word that a mail is on its way. */
import { useState } from "react";
import { signUp } from "@/lib/client/people";
import { peopleTexts } from "@/lib/client/texts/people";
import { EmailField, NameField, PasswordField } from "./account-fields";
import { AuthForm } from "./auth-form";

const words = peopleTexts.signUp;

export function SignUpForm({
  invitation,
  email,
}: {
  invitation: string | null;
  /** Whom the invitation is for. */
  email?: string;
}) {
  const [mailed, setMailed] = useState<string | null>(null);
  if (mailed !== null) {
    return (
      <p role="status" className="rounded-lg border bg-raised p-5 text-center text-ink-2 text-balance">
        {words.mailed(mailed)}
      </p>
    );
  }
  return (
    <AuthForm
      submit={words.submit}
      send={async (data) => {
        const person = {
          name: String(data.get("name")).trim(),
          email: String(data.get("email")).trim(),
          password: String(data.get("password")),
        };
        const ended = await signUp(person, invitation);
        return ended.ok
          ? { ok: true as const, value: { email: person.email, isIn: ended.value?.token != null } }
          : ended;
      }}
      onDone={({ email: address, isIn }) => (isIn ? window.location.assign("/") : setMailed(address))}
      refusal={(status, code) => {
        if (code === "USER_ALREADY_EXISTS") return words.known;
        return status === 403 || status === 404 || status === 409 ? words.refused : null;
      }}
    >
      <NameField />
      <EmailField value={email} />
      <PasswordField isNew />
    </AuthForm>
  );
}
