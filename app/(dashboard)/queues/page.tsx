/** Task queues. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { QueuesRoom } from "../../_rooms/queues-room";

export const metadata: Metadata = { title: texts.queues.title };

export default function QueuesPage() {
  return <QueuesRoom />;
}
