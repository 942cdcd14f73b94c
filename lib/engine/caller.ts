/** On whose behalf a use case acts: every read and write stays inside the caller's namespace. */
import type { Actor } from "@/lib/contract/history";

export interface Caller {
  namespaceId: number;
  actor: Actor;
}
