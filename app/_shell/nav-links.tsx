"use client";
/** The rooms of the dashboard, in the order in which they are needed: a list in the sidebar, a bar on phones. */
import { Activity, Cpu, Layers, Settings, Workflow } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useMay } from "@/lib/client/permissions";
import { texts } from "@/lib/client/texts";
import { classNames } from "../_ui/class-names";

const ROOMS = [
  { href: "/executions", name: texts.nav.executions, icon: Activity, needs: "read" },
  { href: "/workflows", name: texts.nav.workflows, icon: Workflow, needs: "read" },
  { href: "/workers", name: texts.nav.workers, icon: Cpu, needs: "read" },
  { href: "/queues", name: texts.nav.queues, icon: Layers, needs: "read" },
  { href: "/settings", name: texts.nav.settings, icon: Settings, needs: null },
] as const;

export function NavLinks({ bar }: { bar?: boolean }) {
  const path = usePathname();
  const mayRead = useMay("read");
  return ROOMS.filter(({ needs }) => needs === null || mayRead).map(({ href, name, icon: Icon }) => {
    const open = path === href || path.startsWith(`${href}/`);
    return (
      <Link
        prefetch={false}
        key={href}
        href={href}
        aria-current={open ? "page" : undefined}
        className={classNames(
          "flex items-center transition-colors focus-inset",
          bar ? "flex-1 flex-col justify-center gap-0.5 text-2xs" : "h-8 gap-2.5 rounded-md px-2 font-medium",
          open ? "text-ink" : "text-ink-2 hover:text-ink",
          !bar && (open ? "bg-active" : "hover:bg-hover"),
        )}
      >
        <Icon aria-hidden size={bar ? 18 : 16} strokeWidth={1.75} className={open ? "text-ink" : "text-ink-3"} />
        {name}
      </Link>
    );
  });
}
