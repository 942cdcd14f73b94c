/** A new password, by a link that works once. */
import type { Metadata } from "next";
import Link from "next/link";
import { peopleTexts } from "@/lib/client/texts/people";
import { AuthFrame } from "../_parts/auth-frame";
import { ResetForm } from "./reset-form";

const words = peopleTexts.reset;

export const metadata: Metadata = { title: words.title, referrer: "no-referrer" };

type Search = Promise<{ token?: string | string[]; error?: string }>;

export default async function ResetPasswordPage({ searchParams }: { searchParams: Search }) {
  const { token } = await searchParams;
  const again = (
    <Link href="/forgot-password" className="text-accent hover:underline">
      {words.again}
    </Link>
  );
  return (
    <AuthFrame title={words.title} hint={again}>
      {typeof token === "string" ? (
        <ResetForm token={token} />
      ) : (
        <p className="text-center text-ink-2">{words.invalid}</p>
      )}
    </AuthFrame>
  );
}
