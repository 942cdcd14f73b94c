/** The rooms of the settings, side by side. */
import type { ReactNode } from "react";
import { peopleTexts } from "@/lib/client/texts/people";
import { SettingsTabs } from "../../_settings/settings-tabs";
import { RoomHeader } from "../../_shell/room-header";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <RoomHeader title={peopleTexts.settings.title} />
      <SettingsTabs />
      {children}
    </>
  );
}
