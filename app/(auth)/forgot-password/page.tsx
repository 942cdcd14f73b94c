/** Ask for a link by which a forgotten password is replaced. */
import type { Metadata } from "next";
import Link from "next/link";
import { peopleTexts } from "@/lib/client/texts/people";
import { AuthFrame } from "../_parts/auth-frame";
import { ForgotForm } from "./forgot-form";

const words = peopleTexts.forgot;

export const metadata: Metadata = { title: words.title };

export default function ForgotPasswordPage() {
  return (
    <AuthFrame
      title={words.title}
      hint={
        <Link href="/sign-in" className="text-accent hover:underline">
          {words.back}
        </Link>
      }
    >
      <ForgotForm />
    </AuthFrame>
  );
}
