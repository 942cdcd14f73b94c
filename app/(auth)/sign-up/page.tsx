/** Make an account, where the installation lets anyone do so. By invitation one comes over the invitation's own page. */
import type { Metadata } from "next";
import Link from "next/link";
import { peopleTexts } from "@/lib/client/texts/people";
import { signInOptions } from "@/lib/http/page-data";
import { AuthFrame } from "../_parts/auth-frame";
import { SignUpForm } from "../_parts/sign-up-form";

const words = peopleTexts.signUp;

export const metadata: Metadata = { title: words.submit };

export default function SignUpPage() {
  const toSignIn = (
    <Link href="/sign-in" className="text-accent hover:underline">
      {words.haveAccount}
    </Link>
  );
  if (signInOptions().signUp !== "open") {
    return (
      <AuthFrame title={words.closedTitle} hint={toSignIn}>
        <p className="text-center text-ink-2 text-balance">{words.closedHint}</p>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={words.title} hint={toSignIn}>
      <SignUpForm invitation={null} />
    </AuthFrame>
  );
}
