"use client";
/** The way from room to room of the settings; rooms that the person's role does not open are left out. */
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { peopleTexts } from "@/lib/client/texts/people";
import { useSettingsPages } from "../_shell/settings-pages";
import { classNames } from "../_ui/class-names";

export function SettingsTabs() {
  const path = usePathname();
  const tabs = useRef<HTMLElement>(null);
  // On a phone the last of them lie beyond the edge.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another tab
  useEffect(() => {
    tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [path]);
  return (
    <nav
      ref={tabs}
      aria-label={peopleTexts.settings.tabsLabel}
      className="flex h-10 shrink-0 gap-1 overflow-x-auto border-b px-3 md:px-5"
    >
      {useSettingsPages().map(({ href, name }) => (
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
