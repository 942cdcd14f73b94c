/** Task queues. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { QueuesRoom } from "../../_rooms/queues-room";
import { requireUser } from "../../_shell/signed-in";

export const metadata: Metadata = { title: texts.queues.title };

export default async function QueuesPage() {
  await requireUser("/queues");
  return <QueuesRoom />;
}
