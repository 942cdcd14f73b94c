/** From a step to the node that it is an activation of, in the editor; nothing where there is no server to edit on. */
import { PencilLine } from "lucide-react";
import Link from "next/link";
import { useMay } from "@/lib/client/permissions";
import { inspectorTexts as words } from "@/lib/client/texts/inspector";
import { buttonClass } from "../../_ui/button";

export function EditorLink({ workflow, path }: { workflow: string; path: string }) {
  if (!useMay("read")) return null;
  return (
    <Link
      prefetch={false}
      href={editorOf(workflow, path)}
      aria-label={words.openInEditor}
      title={words.openInEditor}
      className={buttonClass("ghost", "sm", "px-1.5")}
    >
      <PencilLine aria-hidden size={13} />
    </Link>
  );
}

/** @param path of a node as events name it; the task of a map that is its body in short is edited with the map */
export function editorOf(workflow: string, path?: string): string {
  const [map, node] = path?.split("/").slice(-2) ?? [];
  const id = node === undefined || node === `${map}.item` ? map : node;
  return `/workflows/${encodeURIComponent(workflow)}/edit${id === undefined ? "" : `?node=${encodeURIComponent(id)}`}`;
}
