"use client";
/** An organisation of one's own: whoever makes it owns it. */
import { ApiError, api } from "@/lib/client/api";
import { peopleTexts } from "@/lib/client/texts/people";
import { Field, Input } from "../../_ui/field";
import { AuthForm } from "../_parts/auth-form";

const words = peopleTexts.welcome;

export function OrganisationForm() {
  return (
    <AuthForm
      submit={words.submit}
      send={async (data) => {
        try {
          const name = String(data.get("name")).trim();
          return { ok: true as const, value: await api("/organisations", { method: "POST", body: { name } }) };
        } catch (error) {
          const { status, code } = error instanceof ApiError ? error : { status: 0, code: null };
          return { ok: false as const, status, code };
        }
      }}
      onDone={() => window.location.assign("/")}
      refusal={(status) => (status === 409 || status === 422 ? words.taken : null)}
    >
      <Field label={words.name} hint={words.nameHint}>
        {(field) => (
          <Input {...field} name="name" required maxLength={63} autoComplete="organization" className="h-9" />
        )}
      </Field>
    </AuthForm>
  );
}
