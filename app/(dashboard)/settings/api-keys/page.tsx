/** The keys by which programs call the API. */
import type { Metadata } from "next";
import { peopleTexts } from "@/lib/client/texts/people";
import { KeysRoom } from "../../../_settings/keys-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: peopleTexts.settings.tabs.keys };

export default async function KeysPage() {
  const { namespace } = await requireUser("/settings/api-keys");
  return <KeysRoom namespace={namespace} />;
}
