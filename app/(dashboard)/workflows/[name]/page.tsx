/** One workflow with its versions. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { pathWith, requireUser, type Search } from "../../../_shell/signed-in";
import { WorkflowRoom } from "../../../_workflows/workflow-room";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Search>;
}

const nameIn = async (params: Props["params"]) => decodeURIComponent((await params).name);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await nameIn(params) };
}

export default async function WorkflowPage({ params, searchParams }: Props) {
  const name = await nameIn(params);
  await requireUser(pathWith(`/workflows/${encodeURIComponent(name)}`, await searchParams));
  return (
    <Suspense>
      <WorkflowRoom name={name} />
    </Suspense>
  );
}
