/** For people who have an account and belong to no organisation: how they get into one. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { peopleTexts } from "@/lib/client/texts/people";
import { signInOptions } from "@/lib/http/page-data";
import { signedInPerson, signedInUser } from "../../_shell/signed-in";
import { AuthFrame } from "../_parts/auth-frame";
import { OrganisationForm } from "./organisation-form";

const words = peopleTexts.welcome;

export const metadata: Metadata = { title: words.title };

export default async function WelcomePage() {
  if ((await signedInPerson()) === null) redirect("/sign-in");
  if ((await signedInUser()) !== null) redirect("/");
  const isOpen = signInOptions().signUp === "open";
  return (
    <AuthFrame title={words.title} hint={isOpen ? words.hint : words.noHint}>
      {isOpen && <OrganisationForm />}
    </AuthFrame>
  );
}
