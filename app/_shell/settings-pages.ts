"use client";
/** The settings that the person's role opens; apart from the rooms, for only few pages name them. */
import { peopleTexts } from "@/lib/client/texts/people";
import { useOpen } from "./open-rooms";
import type { RoomLink } from "./rooms";

type SettingsPage = Pick<RoomLink, "href" | "name" | "needs">;

const { tabs } = peopleTexts.settings;

const SETTINGS_PAGES: readonly SettingsPage[] = [
  { href: "/settings/profile", name: tabs.profile, needs: null },
  { href: "/settings/members", name: tabs.members, needs: "administer" },
  { href: "/settings/api-keys", name: tabs.keys, needs: "administer" },
  { href: "/settings/namespaces", name: tabs.namespaces, needs: "administer" },
  { href: "/settings/limits", name: tabs.limits, needs: "administer" },
  { href: "/settings/alerts", name: tabs.alerts, needs: "administer" },
  { href: "/settings/audit-log", name: tabs.audit, needs: "administer" },
];

export function useSettingsPages(): SettingsPage[] {
  return useOpen(SETTINGS_PAGES);
}
