/** Workers that have registered. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { workerTexts } from "@/lib/client/texts/workers";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";
import { WorkersRoom } from "../../_workers/workers-room";

export const metadata: Metadata = { title: workerTexts.title };

export default async function WorkersPage({ searchParams }: { searchParams: Promise<Search> }) {
  await requireUser(pathWith("/workers", await searchParams));
  return (
    <Suspense>
      <WorkersRoom />
    </Suspense>
  );
}
