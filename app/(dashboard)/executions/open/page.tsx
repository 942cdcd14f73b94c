/** An execution from a file, read in the page alone. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { portableTexts } from "@/lib/client/texts/portable";
import { OpenRoom } from "../../../_portable/open-room";
import { pathWith, requireUser, type Search } from "../../../_shell/signed-in";

export const metadata: Metadata = { title: portableTexts.open.title };

export default async function Page({ searchParams }: { searchParams: Promise<Search> }) {
  await requireUser(pathWith("/executions/open", await searchParams));
  return (
    <Suspense>
      <OpenRoom />
    </Suspense>
  );
}
