/** Sign in. Whoever has a session already is sent on. */
import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { peopleTexts } from "@/lib/client/texts/people";
import { signInOptions } from "@/lib/http/page-data";
import { signedInUser } from "../../_shell/signed-in";
import { AuthFrame } from "../_parts/auth-frame";
import { safeNext } from "../_parts/safe-next";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: peopleTexts.signIn.submit };

type Search = Promise<{ next?: string | string[]; reset?: string; error?: string | string[] }>;

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const { next: asked, reset, error } = await searchParams;
  const next = safeNext(asked);
  if (await signedInUser()) redirect(next);
  const { providers, signUp } = signInOptions();
  const words = peopleTexts.signIn;
  return (
    <AuthFrame
      title={words.title}
      hint={
        <>
          <Link href="/forgot-password" className="text-accent hover:underline">
            {words.forgot}
          </Link>
          {signUp === "open" && (
            <>
              {" · "}
              <Link href="/sign-up" className="text-accent hover:underline">
                {words.signUp}
              </Link>
            </>
          )}
          <p className="mt-3">{words.hint}</p>
        </>
      }
    >
      {reset !== undefined && (
        <p role="status" className="mb-4 text-center text-ink-2">
          {words.resetDone}
        </p>
      )}
      {error !== undefined && (
        <p
          role="alert"
          className="mb-4 rounded-md bg-danger-tint px-3 py-2 text-center text-xs text-danger text-balance"
        >
          {words.refused(String(error))}
        </p>
      )}
      <SignInForm next={next} providers={providers} />
    </AuthFrame>
  );
}
