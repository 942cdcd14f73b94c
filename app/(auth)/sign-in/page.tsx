/** Sign in. Whoever has a session already is sent on. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { texts } from "@/lib/client/texts";
import { Logo } from "../../_shell/logo";
import { signedInUser } from "../../_shell/signed-in";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: texts.signIn.submit };

/** Only paths of this site: anything else would let a link send people away after they signed in. */
function safeNext(next: string | string[] | undefined): string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/executions";
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const next = safeNext((await searchParams).next);
  if (await signedInUser()) redirect(next);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-sunken px-4 pb-[12vh]">
      <div className="w-full max-w-[336px]">
        <div className="mb-7 flex flex-col items-center gap-4">
          <Logo size={36} />
          <h1 className="text-lg font-semibold tracking-tight">{texts.signIn.title}</h1>
        </div>
        <SignInForm next={next} />
        <p className="mt-6 text-center text-xs text-ink-3 text-balance">{texts.signIn.hint}</p>
      </div>
    </main>
  );
}
