/** The rooms of the dashboard, in the order in which they are needed. */
import { Activity, Cpu, Layers, type LucideIcon, Workflow } from "lucide-react";
import { texts } from "@/lib/client/texts";

export const ROOMS: { href: string; name: string; icon: LucideIcon }[] = [
  { href: "/executions", name: texts.nav.executions, icon: Activity },
  { href: "/workflows", name: texts.nav.workflows, icon: Workflow },
  { href: "/workers", name: texts.nav.workers, icon: Cpu },
  { href: "/queues", name: texts.nav.queues, icon: Layers },
];
