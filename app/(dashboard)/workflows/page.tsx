/** Published workflows. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { workflowTexts } from "@/lib/client/texts/workflows";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";
import { WorkflowsRoom } from "../../_workflows/workflows-room";

export const metadata: Metadata = { title: workflowTexts.title };

export default async function WorkflowsPage({ searchParams }: { searchParams: Promise<Search> }) {
  await requireUser(pathWith("/workflows", await searchParams));
  return (
    <Suspense>
      <WorkflowsRoom />
    </Suspense>
  );
}
