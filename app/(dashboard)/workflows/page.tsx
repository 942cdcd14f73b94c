/** Published workflows. */
import type { Metadata } from "next";
import { texts } from "@/lib/client/texts";
import { WorkflowsRoom } from "../../_rooms/workflows-room";

export const metadata: Metadata = { title: texts.workflows.title };

export default function WorkflowsPage() {
  return <WorkflowsRoom />;
}
