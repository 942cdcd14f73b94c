"use client";
/** Who is signed in, the theme, and the way out: open at first, loaded when it is first wanted. */
import { LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import { useSyncExternalStore } from "react";
import { texts } from "@/lib/client/texts";
import { peopleTexts } from "@/lib/client/texts/people";
import type { TriggerElement } from "../_ui/on-demand";
import { leave } from "./leave";
import { readTheme, subscribeTheme, type ThemeChoice, writeTheme } from "./theme";

const THEMES = [
  { choice: "light", icon: Sun },
  { choice: "dark", icon: Moon },
  { choice: "system", icon: Monitor },
] as const;

const itemClass =
  "flex h-8 items-center gap-2 rounded-sm px-2 text-sm text-ink outline-none select-none data-highlighted:bg-hover";

export default function AccountMenuLayer({
  trigger,
  email,
  align,
}: {
  trigger: TriggerElement;
  email: string;
  align: "start" | "end";
}) {
  const theme = useSyncExternalStore(subscribeTheme, readTheme, () => "system" as const);
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 w-56 animate-fade rounded-lg bg-raised p-1 shadow-float"
        >
          <DropdownMenu.Label className="truncate px-2 pt-1.5 pb-1 text-xs text-ink-3">{email}</DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Label className="px-2 pt-1 pb-0.5 text-2xs font-medium text-ink-3">
            {texts.nav.theme}
          </DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme} onValueChange={(choice) => writeTheme(choice as ThemeChoice)}>
            {THEMES.map(({ choice, icon: Icon }) => (
              <DropdownMenu.RadioItem key={choice} value={choice} className={itemClass}>
                <Icon aria-hidden size={15} className="text-ink-3" />
                <span className="flex-1">{texts.nav.themes[choice]}</span>
                <DropdownMenu.ItemIndicator className="size-1.5 rounded-full bg-accent" />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item asChild className={itemClass}>
            <Link prefetch={false} href="/settings/profile">
              <UserRound aria-hidden size={15} className="text-ink-3" />
              {peopleTexts.settings.tabs.profile}
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={itemClass} onSelect={leave}>
            <LogOut aria-hidden size={15} className="text-ink-3" />
            {texts.nav.signOut}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
