/** The approvals inbox. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { approvalTexts } from "@/lib/client/texts/approvals";
import { ApprovalsRoom } from "../../_approvals/approvals-room";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";

export const metadata: Metadata = { title: approvalTexts.title };

export default async function ApprovalsPage({ searchParams }: { searchParams: Promise<Search> }) {
  await requireUser(pathWith("/approvals", await searchParams));
  return (
    <Suspense>
      <ApprovalsRoom />
    </Suspense>
  );
}
