/** What random nodes and random graphs have in common: which features they may have, and what surrounds a node. */
import type { MapNode } from "@/lib/contract/definition";

/** What a definition may have beyond tasks, choices, sleeps, transforms, and nodes that end it. */
export const FEATURES = [
  "loops",
  "maps",
  "approvals",
  "signals",
  "children",
  "http",
  "polls",
  "compensations",
  /** Expressions that read steps, items and loops; some of them what may be missing. */
  "reads",
] as const;
export type Feature = (typeof FEATURES)[number];

/** What surrounds the node that is being made. */
export interface Surroundings {
  readonly has: (feature: Feature) => boolean;
  readonly orderFree: boolean;
  /** Steps that may have run before. */
  readonly before: readonly string[];
  readonly maps: number;
  readonly loops: number;
  /** Ports that the node must have. */
  readonly ports: readonly string[];
  /** The graph that a map runs for each item. */
  readonly body: () => MapNode["body"];
}
