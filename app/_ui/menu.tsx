"use client";
/** A menu under a button: actions by name and icon, those that cannot be undone in red and apart from the others. */
import type { LucideIcon } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Fragment, type ReactNode } from "react";
import { classNames } from "./class-names";
import { Kbd } from "./kbd";

export const menuClass = "z-50 min-w-48 animate-fade rounded-lg bg-raised p-1 shadow-float";
export const menuItemClass =
  "flex h-8 items-center gap-2 rounded-sm px-2 text-sm text-ink outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover";

export interface MenuAction {
  name: string;
  icon?: LucideIcon;
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
  /** The key that does the same. */
  shortcut?: string;
}

/** @param groups with a line between them; empty ones are left out */
export function Menu({
  trigger,
  groups,
  align = "end",
}: {
  trigger: ReactNode;
  groups: MenuAction[][];
  align?: "start" | "end";
}) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={6} collisionPadding={8} className={menuClass}>
          {groups
            .filter((group) => group.length > 0)
            .map((group, index) => (
              <Fragment key={group[0]?.name}>
                {index > 0 && <DropdownMenu.Separator className="my-1 h-px bg-line" />}
                {group.map(({ name, icon: Icon, onSelect, danger, disabled, shortcut }) => (
                  <DropdownMenu.Item
                    key={name}
                    disabled={disabled}
                    onSelect={onSelect}
                    className={classNames(menuItemClass, danger && "text-danger")}
                  >
                    {Icon && <Icon aria-hidden size={15} className={danger ? "text-danger" : "text-ink-3"} />}
                    <span className="flex-1">{name}</span>
                    {shortcut && <Kbd>{shortcut}</Kbd>}
                  </DropdownMenu.Item>
                ))}
              </Fragment>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
