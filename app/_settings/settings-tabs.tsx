"use client";
/** The way from room to room of the settings; rooms that the person's role does not open are left out. */
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useMay } from "@/lib/client/permissions";
import { texts } from "@/lib/client/texts";
import { classNames } from "../_ui/class-names";

const { tabs, tabsLabel } = texts.settings;
const ROOMS = [
  { href: "/settings/profile", name: tabs.profile, isForAll: true },
  { href: "/settings/members", name: tabs.members, isForAll: false },
  { href: "/settings/api-keys", name: tabs.keys, isForAll: false },
  { href: "/settings/namespaces", name: tabs.namespaces, isForAll: false },
  { href: "/settings/audit-log", name: tabs.audit, isForAll: false },
];

export function SettingsTabs() {
  const path = usePathname();
  const mayAdminister = useMay("administer");
  return (
    <nav aria-label={tabsLabel} className="flex h-10 shrink-0 gap-1 overflow-x-auto border-b px-3 md:px-5">
      {ROOMS.filter(({ isForAll }) => isForAll || mayAdminister).map(({ href, name }) => (
        <Link
          key={href}
          prefetch={false}
          href={href}
          aria-current={path === href ? "page" : undefined}
          className={classNames(
            "inline-flex shrink-0 items-center border-b-2 px-2 text-xs font-medium focus-inset",
            path === href ? "border-ink text-ink" : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
