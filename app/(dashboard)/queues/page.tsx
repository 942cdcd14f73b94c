/** Task queues. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { queueTexts } from "@/lib/client/texts/workers";
import { QueuesRoom } from "../../_queues/queues-room";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";

export const metadata: Metadata = { title: queueTexts.title };

export default async function QueuesPage({ searchParams }: { searchParams: Promise<Search> }) {
  await requireUser(pathWith("/queues", await searchParams));
  return (
    <Suspense>
      <QueuesRoom />
    </Suspense>
  );
}
