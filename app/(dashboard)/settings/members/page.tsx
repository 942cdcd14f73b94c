/** Who belongs to the organisation, and who was invited. */
import type { Metadata } from "next";
import { peopleTexts } from "@/lib/client/texts/people";
import { MembersRoom } from "../../../_settings/members-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: peopleTexts.settings.tabs.members };

export default async function MembersPage() {
  const { id } = await requireUser("/settings/members");
  return <MembersRoom me={id} />;
}
