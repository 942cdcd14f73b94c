/** Workers that have registered. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { WorkersRoom } from "../../_rooms/workers-room";

export const metadata: Metadata = { title: texts.workers.title };

export default function WorkersPage() {
  return <WorkersRoom />;
}
