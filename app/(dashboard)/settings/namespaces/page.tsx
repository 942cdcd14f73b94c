/** The namespaces of the organisation. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { NamespacesRoom } from "../../../_settings/namespaces-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: texts.settings.tabs.namespaces };

export default async function NamespacesPage() {
  const { namespace, organisation } = await requireUser("/settings/namespaces");
  return <NamespacesRoom here={namespace} organisation={organisation} />;
}
