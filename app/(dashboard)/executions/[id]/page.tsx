/** One execution. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { texts } from "@/lib/client/texts";
import { ExecutionPage } from "../../../_execution/execution-page";
import { pathWith, requireUser, type Search } from "../../../_shell/signed-in";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Search>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).id)} · ${texts.executions.title}` };
}

export default async function Page({ params, searchParams }: Props) {
  const id = decodeURIComponent((await params).id);
  await requireUser(pathWith(`/executions/${encodeURIComponent(id)}`, await searchParams));
  return (
    <Suspense>
      <ExecutionPage key={id} id={id} />
    </Suspense>
  );
}
