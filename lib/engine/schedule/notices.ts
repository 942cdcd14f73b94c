/** What other processes are told of a schedule's change: a deadline may have moved, so that they look for the next one. */
import { encodeAnnouncement, NO_SLOT } from "../process/announcements";
import type { Services } from "../services";

const NOTHING_ELSE = { executions: [], queues: [], changes: [] };

export function deadlineMoved({ keys }: Pick<Services, "keys">): string {
  return encodeAnnouncement(keys.slot ?? NO_SLOT, NOTHING_ELSE);
}
