/** One's own account: name, email, password, second factor, sessions. */
import type { Metadata } from "next";
import { peopleTexts } from "@/lib/client/texts/people";
import { ProfileRoom } from "../../../_settings/profile-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: peopleTexts.settings.tabs.profile };

export default async function ProfilePage() {
  const { name, email, sessionId } = await requireUser("/settings/profile");
  return <ProfileRoom name={name} email={email} sessionId={sessionId} />;
}
