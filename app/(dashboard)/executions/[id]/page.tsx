/** One execution. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { texts } from "@/lib/client/texts";
import { ExecutionPage } from "../../../_execution/execution-page";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).id)} · ${texts.executions.title}` };
}

export default async function Page({ params }: Props) {
  const id = decodeURIComponent((await params).id);
  return (
    <Suspense>
      <ExecutionPage key={id} id={id} />
    </Suspense>
  );
}
