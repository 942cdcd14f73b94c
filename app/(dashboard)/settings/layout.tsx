/** The rooms of the settings, side by side. */
import type { ReactNode } from "react";
import { texts } from "@/lib/client/texts";
import { SettingsTabs } from "../../_settings/settings-tabs";
import { RoomHeader } from "../../_shell/room-header";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <RoomHeader title={texts.settings.title} />
      <SettingsTabs />
      {children}
    </>
  );
}
