"use client";
/** A menu under a button: actions by name and icon, those that cannot be undone in red and apart from the others. */
import type { LucideIcon } from "lucide-react";
import { lazy, useState } from "react";
import { OnDemand, type TriggerElement } from "./on-demand";

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

const load = () => import("./menu-layer");
const Layer = lazy(load);

export function Menu(props: MenuProps) {
  const [isWanted, setWanted] = useState(false);
  return (
    <OnDemand trigger={props.trigger} opens="menu" isWanted={isWanted} onWanted={() => setWanted(true)} load={load}>
      <Layer {...props} />
    </OnDemand>
  );
}
