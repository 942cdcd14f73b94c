/** An invitation: whoever is signed in joins, whoever is new makes an account on the way. The link works once. */
import type { Metadata } from "next";
import Link from "next/link";
import { peopleTexts } from "@/lib/client/texts/people";
import { type ShownInvitation, shownInvitation } from "@/lib/http/page-data";
import { signedInPerson } from "../../_shell/signed-in";
import { AuthFrame } from "../_parts/auth-frame";
import { SignUpForm } from "../_parts/sign-up-form";
import { JoinForm } from "./join-form";

const words = peopleTexts.invitation;

export const metadata: Metadata = { title: words.pageTitle, referrer: "no-referrer" };

type Search = Promise<{ token?: string | string[] }>;

export default async function InvitationPage({ searchParams }: { searchParams: Search }) {
  const { token } = await searchParams;
  const shown = typeof token === "string" ? await shownInvitation(token) : null;
  if (shown === null || typeof token !== "string") {
    return (
      <AuthFrame title={words.invalidTitle}>
        <p className="text-center text-ink-2 text-balance">{words.invalidHint}</p>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={words.title(shown.organisation)} hint={words.role(peopleTexts.roles[shown.role].name)}>
      <Body token={token} shown={shown} />
    </AuthFrame>
  );
}

async function Body({ token, shown }: { token: string; shown: ShownInvitation }) {
  const person = await signedInPerson();
  if (person !== null && person.email === shown.email) return <JoinForm token={token} />;
  if (person !== null)
    return <p className="text-center text-ink-2 text-balance">{words.other(shown.email, person.email)}</p>;
  const back = `/sign-in?next=${encodeURIComponent(`/invitation?token=${encodeURIComponent(token)}`)}`;
  return (
    <>
      <SignUpForm invitation={token} email={shown.email} />
      <p className="mt-4 text-center text-xs">
        <Link href={back} className="text-accent hover:underline">
          {words.haveAccount}
        </Link>
      </p>
    </>
  );
}
