/** Failures that nobody has dealt with yet. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { deadLetterTexts } from "@/lib/client/texts/dead-letters";
import { DeadLettersRoom } from "../../_dead-letters/dead-letters-room";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";

export const metadata: Metadata = { title: deadLetterTexts.title };

export default async function DeadLettersPage({ searchParams }: { searchParams: Promise<Search> }) {
  await requireUser(pathWith("/dead-letters", await searchParams));
  return (
    <Suspense>
      <DeadLettersRoom />
    </Suspense>
  );
}
