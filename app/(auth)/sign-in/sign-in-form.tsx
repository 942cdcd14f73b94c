"use client";
/** Email and password, then a code where the account has a second factor; on success a full load of where one wanted to go. */
import { useRef, useState } from "react";
import { giveSecondFactor, signIn, signInAt } from "@/lib/client/people";
import { peopleTexts } from "@/lib/client/texts/people";
import { Button } from "../../_ui/button";
import { toast } from "../../_ui/toast";
import { CodeField, EmailField, PasswordField } from "../_parts/account-fields";
import { AuthForm } from "../_parts/auth-form";

const words = peopleTexts.signIn;

export interface SignInProvider {
  id: string;
  name: string;
}

export function SignInForm({ next, providers }: { next: string; providers: SignInProvider[] }) {
  const [step, setStep] = useState<"password" | "code" | "backup">("password");
  const password = useRef<HTMLInputElement>(null);
  const enter = () => window.location.assign(next);
  if (step !== "password") {
    return (
      <>
        <AuthForm
          key={step}
          submit={words.submit}
          send={(data) => giveSecondFactor(step, String(data.get("code")).trim())}
          onDone={enter}
          refusal={(status) => (status === 400 || status === 401 ? words.wrongCode : null)}
        >
          <CodeField kind={step} />
        </AuthForm>
        <Button variant="ghost" className="mt-3 w-full" onClick={() => setStep(step === "code" ? "backup" : "code")}>
          {step === "code" ? words.useBackup : words.useCode}
        </Button>
      </>
    );
  }
  return (
    <>
      <AuthForm
        key={step}
        submit={words.submit}
        send={(data) => signIn(String(data.get("email")), String(data.get("password")))}
        onDone={(reached) => (reached === "signed-in" ? enter() : setStep("code"))}
        refusal={(status, code) => {
          password.current?.select();
          if (code === "EMAIL_NOT_VERIFIED") return words.notVerified;
          return status === 400 || status === 401 || status === 403 ? words.wrong : null;
        }}
      >
        <EmailField autoFocus />
        <PasswordField input={password} />
      </AuthForm>
      {providers.length > 0 && (
        <div className="mt-3 flex flex-col gap-2">
          {providers.map((provider) => (
            <Button key={provider.id} className="h-9 w-full" onClick={() => goTo(provider, next)}>
              {words.with(provider.name)}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

async function goTo(provider: SignInProvider, next: string): Promise<void> {
  const ended = await signInAt(provider, next);
  if (ended.ok) window.location.assign(ended.value);
  else toast.failed(peopleTexts.account.refusal(ended.status));
}
