/** Limits of the namespace, and how long it keeps what is over. */
import type { Metadata } from "next";
import { limitsTexts } from "@/lib/client/texts/limits";
import { LimitsRoom } from "../../../_settings/limits-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: limitsTexts.title };

export default async function LimitsPage() {
  const { namespace } = await requireUser("/settings/limits");
  return <LimitsRoom namespace={namespace} />;
}
