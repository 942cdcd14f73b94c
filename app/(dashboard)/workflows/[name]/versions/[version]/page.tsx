/** The address of a version, as executions link to it: the workflow's room, showing that version. */
import { redirect } from "next/navigation";

export default async function VersionPage({ params }: { params: Promise<{ name: string; version: string }> }) {
  const { name, version } = await params;
  redirect(`/workflows/${name}?version=${encodeURIComponent(version)}`);
}
