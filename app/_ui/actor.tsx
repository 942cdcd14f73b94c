"use client";
/** Who did something: the name they are known by, what kind of actor it is by its icon, and the exact actor on hover. */
import { Bot, CalendarClock, Cog, Cpu, Key, type LucideIcon, UserRound } from "lucide-react";
import { useActorName } from "@/lib/client/actors";
import { classNames } from "./class-names";

const ICONS: Record<string, LucideIcon> = {
  user: UserRound,
  key: Key,
  worker: Cpu,
  schedule: CalendarClock,
  engine: Cog,
};

export function Actor({ actor, className }: { actor: string; className?: string }) {
  const name = useActorName(actor);
  const Icon = ICONS[actor.split(":", 1)[0] ?? ""] ?? Bot;
  return (
    <span title={actor} className={classNames("inline-flex min-w-0 items-center gap-1.5", className)}>
      <Icon aria-hidden size={12} className="shrink-0 text-ink-3" />
      <span className="truncate">{name}</span>
    </span>
  );
}
