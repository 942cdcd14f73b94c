/** What starts by the clock. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { scheduleTexts } from "@/lib/client/texts/schedules";
import { SchedulesRoom } from "../../_schedules/schedules-room";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";

export const metadata: Metadata = { title: scheduleTexts.title };

export default async function SchedulesPage({ searchParams }: { searchParams: Promise<Search> }) {
  await requireUser(pathWith("/schedules", await searchParams));
  return (
    <Suspense>
      <SchedulesRoom />
    </Suspense>
  );
}
