/** The namespaces of the organisation. */
import type { Metadata } from "next";
import { peopleTexts } from "@/lib/client/texts/people";
import { NamespacesRoom } from "../../../_settings/namespaces-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: peopleTexts.settings.tabs.namespaces };

export default async function NamespacesPage() {
  const { namespace, organisation } = await requireUser("/settings/namespaces");
  return <NamespacesRoom here={namespace} organisation={organisation} />;
}
