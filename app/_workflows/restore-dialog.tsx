"use client";
/** An older version as the draft: said what that replaces before it is done, and on top of what was saved last. */
import { useRouter } from "next/navigation";
import { useActorName } from "@/lib/client/actors";
import { useDrafts } from "@/lib/client/drafts";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import { useRestoreVersion } from "@/lib/client/workflows";
import type { WorkflowDetail } from "@/lib/contract/workflows";
import { FormDialog } from "../_ui/form-dialog";
import { toast } from "../_ui/toast";

export function RestoreDialog({
  workflow,
  version,
  onClose,
}: {
  workflow: WorkflowDetail;
  version: number;
  onClose: () => void;
}) {
  const router = useRouter();
  const restore = useRestoreVersion(workflow);
  const draft = useDrafts().data?.items.find((each) => each.workflow === workflow.name && each.isChanged);
  const by = useActorName(draft?.updatedBy ?? "");
  const done = () => {
    toast.done(words.restored(version));
    router.push(`/workflows/${encodeURIComponent(workflow.name)}/edit`);
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.restore(version)}
      description={words.restoreHint(version)}
      submit={words.restoreSubmit}
      danger={draft !== undefined}
      busy={restore.isPending}
      error={restore.error}
      onSubmit={() => restore.mutate(version, { onSuccess: done })}
    >
      {draft && (
        <p data-status="paused" className="rounded-md bg-tone-tint px-3 py-2 text-xs">
          {words.restoreOver(by)}
        </p>
      )}
    </FormDialog>
  );
}
