/** The rooms of the dashboard, in the order in which they are needed, and what one must be allowed to enter each. */
import {
  Activity,
  CalendarClock,
  Cpu,
  Gauge,
  Layers,
  type LucideIcon,
  MailX,
  Settings,
  UserRoundCheck,
  Workflow,
} from "lucide-react";
import { texts } from "@/lib/client/texts";
import type { Permission } from "@/lib/contract/permissions";

export interface RoomLink {
  href: string;
  name: string;
  icon: LucideIcon;
  /** Null: whoever is signed in. */
  needs: Permission | null;
  /** The letter that leads here after G. */
  key: string;
  /** On phones, where not all fit, in the bar itself. */
  isFirst?: boolean;
}

export const ROOMS: readonly RoomLink[] = [
  { href: "/overview", name: texts.nav.overview, icon: Gauge, needs: "read", key: "o", isFirst: true },
  { href: "/executions", name: texts.nav.executions, icon: Activity, needs: "read", key: "e", isFirst: true },
  { href: "/approvals", name: texts.nav.approvals, icon: UserRoundCheck, needs: "inbox", key: "a", isFirst: true },
  { href: "/dead-letters", name: texts.nav.deadLetters, icon: MailX, needs: "read", key: "d", isFirst: true },
  { href: "/schedules", name: texts.nav.schedules, icon: CalendarClock, needs: "read", key: "s" },
  { href: "/workflows", name: texts.nav.workflows, icon: Workflow, needs: "read", key: "w" },
  { href: "/workers", name: texts.nav.workers, icon: Cpu, needs: "read", key: "k" },
  { href: "/queues", name: texts.nav.queues, icon: Layers, needs: "read", key: "q" },
  { href: "/settings", name: texts.nav.settings, icon: Settings, needs: null, key: "," },
];
