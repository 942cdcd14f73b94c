/** Who belongs to the organisation, and who was invited. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { MembersRoom } from "../../../_settings/members-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: texts.settings.tabs.members };

export default async function MembersPage() {
  const { id } = await requireUser("/settings/members");
  return <MembersRoom me={id} />;
}
