/** Workers that have registered. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { WorkersRoom } from "../../_rooms/workers-room";
import { requireUser } from "../../_shell/signed-in";

export const metadata: Metadata = { title: texts.workers.title };

export default async function WorkersPage() {
  await requireUser("/workers");
  return <WorkersRoom />;
}
