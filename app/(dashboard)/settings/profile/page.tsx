/** One's own account: name, email, password, second factor, sessions. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { ProfileRoom } from "../../../_settings/profile-room";
import { requireUser } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: texts.settings.tabs.profile };

export default async function ProfilePage() {
  const { name, email, sessionId } = await requireUser("/settings/profile");
  return <ProfileRoom name={name} email={email} sessionId={sessionId} />;
}
