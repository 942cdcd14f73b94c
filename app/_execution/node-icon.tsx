/** What kind of node it is. */
import {
  Calculator,
  CircleCheckBig,
  GitFork,
  Globe,
  Layers,
  type LucideIcon,
  Moon,
  OctagonAlert,
  Radio,
  SquareTerminal,
  UserCheck,
  Workflow,
} from "lucide-react";
import type { NodeType } from "@/lib/contract/definition";

const ICONS: Record<NodeType, LucideIcon> = {
  task: SquareTerminal,
  choice: GitFork,
  sleep: Moon,
  approval: UserCheck,
  signal: Radio,
  map: Layers,
  workflow: Workflow,
  transform: Calculator,
  http: Globe,
  fail: OctagonAlert,
  succeed: CircleCheckBig,
};

export function NodeIcon({ type, className }: { type: NodeType; className?: string | undefined }) {
  const Icon = ICONS[type] ?? SquareTerminal;
  return <Icon aria-hidden size={14} strokeWidth={1.75} className={className} />;
}
