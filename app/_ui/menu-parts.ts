/** What a menu is told and how it looks; without the library that draws it. */
import type { LucideIcon } from "lucide-react";
import type { TriggerElement } from "./on-demand";

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

export interface MenuProps {
  trigger: TriggerElement;
  /** With a line between them; empty ones are left out. */
  groups: MenuAction[][];
  align?: "start" | "end";
}
