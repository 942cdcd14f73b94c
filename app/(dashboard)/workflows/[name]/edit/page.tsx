/** A workflow in the editor: its draft, or what it could begin as. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { editorTexts } from "@/lib/client/texts/editor";
import { EditorPage } from "../../../../_editor/editor-page";
import { pathWith, requireUser, type Search } from "../../../../_shell/signed-in";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Search>;
}

const nameIn = async (params: Props["params"]) => decodeURIComponent((await params).name);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: editorTexts.editTitle(await nameIn(params)) };
}

export default async function EditWorkflowPage({ params, searchParams }: Props) {
  const name = await nameIn(params);
  await requireUser(pathWith(`/workflows/${encodeURIComponent(name)}/edit`, await searchParams));
  return (
    <Suspense>
      <EditorPage key={name} workflow={name} />
    </Suspense>
  );
}
