/** What the stream of changes tells: which rooms of a namespace have something new. No content, so that it is only a hint to look. */

export const CHANGED_ROOMS = [
  "executions",
  "approvals",
  "dead-letters",
  "schedules",
  "workers",
  "queues",
  "workflows",
  "operations",
] as const;
export type ChangedRoom = (typeof CHANGED_ROOMS)[number];

/** The data of a `changes` message. */
export interface Changes {
  rooms: ChangedRoom[];
}
