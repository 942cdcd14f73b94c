"use client";
/** Starts an execution of what is published; where the draft is newer, it is published first or left out, as one chooses. */
import { useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { texts } from "@/lib/client/texts";
import { editorStartTexts as words } from "@/lib/client/texts/editor-start";
import { useWorkflowIfAny } from "@/lib/client/workflows";
import { StartDialog } from "../../_executions/start-dialog";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Failure } from "../../_ui/failure";
import { Skeleton } from "../../_ui/skeleton";
import { hashOf } from "../publish/publication";
import { PublishDialog } from "../publish/publish-dialog";
import { useEditor } from "../use-editor";

export function StartFromEditor({ onClose }: { onClose: () => void }) {
  const definition = useEditor(({ session }) => session.present.definition);
  const [step, setStep] = useState<"ask" | "publish" | "start">("ask");
  const workflow = useWorkflowIfAny(definition.name);
  if (step === "publish") return <PublishDialog onClose={onClose} onPublished={() => setStep("start")} />;
  const isSame = workflow.data?.hash === hashOf(definition);
  if (step === "start" || isSame) return <StartDialog open onOpenChange={onClose} workflow={definition.name} />;
  return (
    <Dialog open onOpenChange={onClose} title={words.title(definition.name)}>
      {workflow.isError ? (
        <Failure error={workflow.error} onRetry={() => workflow.refetch()} />
      ) : workflow.data === undefined ? (
        <Skeleton className="mx-5 my-4 h-10" />
      ) : (
        <Choice published={workflow.data?.version ?? null} onClose={onClose} onStep={setStep} />
      )}
    </Dialog>
  );
}

function Choice({
  published,
  onClose,
  onStep,
}: {
  published: number | null;
  onClose: () => void;
  onStep: (step: "publish" | "start") => void;
}) {
  const mayPublish = useMay("publish");
  return (
    <>
      <div className="flex flex-col gap-2 px-5 py-4 text-sm text-ink-2">
        <p>{published === null ? words.unpublished : words.newer(published)}</p>
        {!mayPublish && <p>{words.mayNotPublish}</p>}
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        {published !== null && <Button onClick={() => onStep("start")}>{words.startPublished(published)}</Button>}
        {mayPublish && (
          <Button variant="solid" onClick={() => onStep("publish")}>
            {words.publishAndStart}
          </Button>
        )}
      </div>
    </>
  );
}
