"use client";
/** A menu with its button, open at first; loaded when it is first wanted. */
import { DropdownMenu } from "radix-ui";
import { Fragment } from "react";
import { classNames } from "./class-names";
import { Kbd } from "./kbd";
import { type MenuProps, menuClass, menuItemClass } from "./menu-parts";

export default function MenuLayer({ trigger, groups, align = "end" }: MenuProps) {
  return (
    <DropdownMenu.Root defaultOpen>
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
