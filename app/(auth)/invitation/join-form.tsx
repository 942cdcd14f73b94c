"use client";
/** One button for whoever has an account already. */
import { ApiError, api } from "@/lib/client/api";
import { peopleTexts } from "@/lib/client/texts/people";
import { AuthForm } from "../_parts/auth-form";

const words = peopleTexts.invitation;

export function JoinForm({ token }: { token: string }) {
  return (
    <AuthForm
      submit={words.join}
      send={async () => {
        try {
          return { ok: true as const, value: await api("/invitations/accept", { method: "POST", body: { token } }) };
        } catch (error) {
          return error instanceof ApiError
            ? { ok: false as const, status: error.status, code: error.code }
            : { ok: false as const, status: 0, code: null };
        }
      }}
      onDone={() => window.location.assign("/")}
      refusal={(status) => (status === 404 || status === 409 ? words.invalidHint : null)}
    >
      <p className="text-ink-2">{words.joinHint}</p>
    </AuthForm>
  );
}
