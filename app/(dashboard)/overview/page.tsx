/** What needs attention, and how it ran. Whoever may only decide has the inbox instead. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { overviewTexts } from "@/lib/client/texts/overview";
import { grantedByRole } from "@/lib/contract/permissions";
import { firstOverview } from "@/lib/http/page-data";
import { OverviewRoom } from "../../_overview/overview-room";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";

export const metadata: Metadata = { title: overviewTexts.title };

export default async function OverviewPage({ searchParams }: { searchParams: Promise<Search> }) {
  const user = await requireUser(pathWith("/overview", await searchParams));
  if (!grantedByRole(user.role).has("read")) redirect("/approvals");
  return (
    <Suspense>
      <OverviewRoom initial={await firstOverview(user).catch(() => null)} />
    </Suspense>
  );
}
