/** One execution beside another. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { compareTexts } from "@/lib/client/texts/compare";
import { ComparePage } from "../../../../_compare/compare-page";
import { pathWith, requireUser, type Search } from "../../../../_shell/signed-in";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Search>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).id)} · ${compareTexts.title}` };
}

export default async function Page({ params, searchParams }: Props) {
  const id = decodeURIComponent((await params).id);
  await requireUser(pathWith(`/executions/${encodeURIComponent(id)}/compare`, await searchParams));
  return (
    <Suspense>
      <ComparePage key={id} id={id} />
    </Suspense>
  );
}
