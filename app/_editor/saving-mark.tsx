"use client";
/** How the draft is saved: a word, its sign, and who saved it last. */
import { CloudAlert, CloudCheck, CloudUpload, Eye, type LucideIcon } from "lucide-react";
import { texts } from "@/lib/client/texts";
import { editorTexts } from "@/lib/client/texts/editor";
import { classNames } from "../_ui/class-names";
import type { Saving, SavingStatus } from "./draft-keeper";
import { useEditor } from "./use-editor";

const ICONS: Record<SavingStatus, LucideIcon> = {
  saved: CloudCheck,
  unsaved: CloudUpload,
  saving: CloudUpload,
  failed: CloudAlert,
  conflict: CloudAlert,
  gone: CloudAlert,
  off: Eye,
};

export function SavingMark() {
  const saving = useEditor((state) => state.saving);
  const Icon = ICONS[saving.status];
  const isWrong = ["failed", "conflict", "gone"].includes(saving.status);
  return (
    <span
      role="status"
      title={saving.error instanceof Error ? texts.errors.sentence(saving.error) : undefined}
      className={classNames(
        "inline-flex items-center gap-1.5 text-xs whitespace-nowrap",
        isWrong ? "text-danger" : "text-ink-3",
        // On phones the room is the name's while all is well.
        saving.status === "saved" && "max-md:sr-only",
      )}
    >
      <Icon aria-hidden size={14} />
      <span className="max-md:sr-only">{wordOf(saving)}</span>
    </span>
  );
}

function wordOf({ status, revision, baseVersion }: Saving): string {
  const words = editorTexts.saving;
  if (status !== "saved") return words[status];
  if (revision > 0) return words.saved(baseVersion);
  return baseVersion === null ? words.blank : words.published(baseVersion);
}
