"use client";
/** The rooms that the bar of a phone has no place for: a menu, open at first, loaded when it is first wanted. */
import type { LucideIcon } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import { menuClass, menuItemClass } from "../_ui/menu-parts";
import type { TriggerElement } from "../_ui/on-demand";

export default function MoreRooms({
  trigger,
  rooms,
}: {
  trigger: TriggerElement;
  rooms: readonly { href: string; name: string; icon: LucideIcon; isOpen: boolean }[];
}) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" side="top" sideOffset={6} collisionPadding={8} className={menuClass}>
          {rooms.map(({ href, name, icon: Icon, isOpen }) => (
            <DropdownMenu.Item key={href} asChild className={menuItemClass}>
              <Link prefetch={false} href={href} aria-current={isOpen ? "page" : undefined}>
                <Icon aria-hidden size={15} className="text-ink-3" />
                {name}
              </Link>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
