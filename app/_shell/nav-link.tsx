"use client";
import type { LucideIcon } from "lucide-react";
/** A link to a room; knows whether it is the one that is open. */
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "../_ui/class-names";

export function NavLink({
  href,
  name,
  icon: Icon,
  bar,
}: {
  href: string;
  name: string;
  icon: LucideIcon;
  bar?: boolean;
}) {
  const path = usePathname();
  const open = path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={open ? "page" : undefined}
      className={classNames(
        "flex items-center transition-colors",
        bar ? "flex-1 flex-col justify-center gap-0.5 text-2xs" : "h-8 gap-2.5 rounded-md px-2 font-medium",
        open ? "text-ink" : "text-ink-2 hover:text-ink",
        !bar && (open ? "bg-active" : "hover:bg-hover"),
      )}
    >
      <Icon aria-hidden size={bar ? 18 : 16} strokeWidth={1.75} className={open ? "text-ink" : "text-ink-3"} />
      {name}
    </Link>
  );
}
