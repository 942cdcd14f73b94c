/** What is new in a namespace, told to pages that show it. */
import type { ChangedRoom, Changes } from "@/lib/contract/changes";
import { changeStream } from "@/lib/http/event-stream";
import { route } from "@/lib/http/route";

/** Whoever may see no more hears of no more: a stream ends after this, and its client has to prove itself anew. */
const LONGEST_MS = 10 * 60_000;

export const changeRoutes = [
  route({
    method: "GET",
    path: "/api/v1/changes/stream",
    // Who may see approvals and nothing else hears of approvals and nothing else.
    permission: "inbox",
    summary:
      "Rooms of the namespace that have something new, as server-sent events: `event: changes` with `{rooms}`, at most four a second; at first all of them",
    waits: true,
    answers: { 200: "text/event-stream" },
    handle({ principal, instance, signal }) {
      const until = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
      const told = instance.services.changeFeed.follow(principal.namespaceId, until);
      return changeStream(onlyThoseOf(principal.permissions.has("read") ? null : ["approvals"], told));
    },
  }),
];

/** @param visible null: all */
async function* onlyThoseOf(
  visible: readonly ChangedRoom[] | null,
  told: AsyncIterable<ChangedRoom[]>,
): AsyncGenerator<Changes> {
  for await (const changed of told) {
    const rooms = changed.filter((room) => visible?.includes(room) ?? true);
    if (rooms.length > 0) yield { rooms };
  }
}
