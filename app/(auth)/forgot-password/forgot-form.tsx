"use client";
/** The address; the answer is the same whether there is such an account or not. */
import { useState } from "react";
import { requestPasswordReset } from "@/lib/client/people";
import { peopleTexts } from "@/lib/client/texts/people";
import { EmailField } from "../_parts/account-fields";
import { AuthForm } from "../_parts/auth-form";

const words = peopleTexts.forgot;

export function ForgotForm() {
  const [sent, setSent] = useState(false);
  if (sent) {
    return (
      <p role="status" className="rounded-lg border bg-raised p-5 text-center text-ink-2 text-balance">
        {words.sent}
      </p>
    );
  }
  return (
    <AuthForm
      submit={words.submit}
      send={(data) => requestPasswordReset(String(data.get("email")).trim())}
      onDone={() => setSent(true)}
    >
      <EmailField autoFocus />
    </AuthForm>
  );
}
