/** What the one door needs from outside; built once, in the composition root. */
import type { Pool } from "@/db/client";
import type { Clock } from "@/lib/clock";
import type { Traces } from "@/lib/tracing/traces";
import type { Graphs } from "../graphs";
import type { EngineMetrics } from "../metrics";
import type { HeadSigner } from "../signing/signer";
import type { Announcement, ParkedPolls } from "./door";
import type { Faults } from "./faults";

export interface DoorDependencies {
  /** Flushes only; nothing else may wait for its connections. */
  flushPool: Pool;
  readPool: Pool;
  /** The database's time. */
  clock: Clock;
  random: () => number;
  /** Makes 63-bit keys; throws while this process holds no slot. */
  nextKey: () => bigint;
  /** This process's slot, which tells its own announcements from others'. */
  slot: () => number;
  graphs: Graphs;
  parked: ParkedPolls;
  /** Called after a commit, in the turn in which it is known. */
  announce: (announcement: Announcement) => void;
  /** An alarm was written for that time (epoch milliseconds). */
  onWakeArmed: (at: number) => void;
  /** Messages to other executions were written, with a job that delivers them. */
  onMessagesSent: () => void;
  /** Something went wrong that no caller is told, or more than a caller is told. */
  onTrouble: (trouble: { what: string; executionId?: string; error?: unknown }) => void;
  metrics: EngineMetrics;
  /** Absent or null: no traces are written. */
  traces?: Pick<Traces, "record"> | null;
  faults: Faults;
  /** Signs the ends of histories. */
  signer: HeadSigner;
  leaseMs: number;
  /** How long a history of that namespace may become. Default: {@link HISTORY_EVENTS_MAX}. */
  historyEvents?: (namespaceId: number) => number;
}
