"use client";
/** Asks before a draft is thrown away, and says what stays. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { discardDraft } from "@/lib/client/drafts";
import { askRoomAgain } from "@/lib/client/refresher";
import { editorTexts as words } from "@/lib/client/texts/editor";
import { FormDialog } from "../_ui/form-dialog";
import { toast } from "../_ui/toast";
import { useEditor, useEditorStore } from "./use-editor";

export function DiscardDialog({ onClose }: { onClose: () => void }) {
  const store = useEditorStore();
  const client = useQueryClient();
  const router = useRouter();
  const workflow = useEditor(({ session }) => session.present.definition.name);
  const baseVersion = useEditor(({ saving }) => saving.baseVersion);
  const discard = useMutation({
    mutationFn: () => {
      store.draft.stop();
      return discardDraft(workflow);
    },
    onSuccess: async () => {
      toast.done(words.discarded);
      await askRoomAgain(client, "workflows");
      router.push(baseVersion === null ? "/workflows" : `/workflows/${encodeURIComponent(workflow)}`);
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.discardTitle}
      description={words.discardHint(baseVersion)}
      submit={words.discardSubmit}
      danger
      busy={discard.isPending}
      error={discard.error}
      onSubmit={() => discard.mutate()}
    />
  );
}
