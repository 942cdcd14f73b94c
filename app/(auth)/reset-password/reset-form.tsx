"use client";
/** The new password; afterwards one signs in with it. */
import { resetPassword } from "@/lib/client/people";
import { peopleTexts } from "@/lib/client/texts/people";
import { PasswordField } from "../_parts/account-fields";
import { AuthForm } from "../_parts/auth-form";

const words = peopleTexts.reset;

export function ResetForm({ token }: { token: string }) {
  return (
    <AuthForm
      submit={words.submit}
      send={(data) => resetPassword(token, String(data.get("password")))}
      onDone={() => window.location.assign("/sign-in?reset=done")}
      refusal={(status) => (status === 400 ? words.invalid : null)}
    >
      <PasswordField isNew />
    </AuthForm>
  );
}
