/** Published workflows. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { WorkflowsRoom } from "../../_rooms/workflows-room";
import { requireUser } from "../../_shell/signed-in";

export const metadata: Metadata = { title: texts.workflows.title };

export default async function WorkflowsPage() {
  await requireUser("/workflows");
  return <WorkflowsRoom />;
}
