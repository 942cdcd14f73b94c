"use client";
/** Opens a trial from a file and plays it with the draft. */
import { type ReactNode, useRef } from "react";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import { readTrial } from "@/lib/editor/trial/read-trial";
import { toast } from "../../_ui/toast";
import { useDraft, useTrial } from "./use-trial";

/** `input` is to stand somewhere; it is not seen. */
export function useOpenTest(): { open: () => void; input: ReactNode } {
  const { desk } = useTrial();
  const draft = useDraft();
  const field = useRef<HTMLInputElement>(null);
  async function read(file: File | undefined) {
    if (file === undefined) return;
    const { trial, fault } = readTrial(await file.text(), draft);
    if (trial === null)
      return toast.failed(fault === null ? words.notATrial : words.badTrial(fault.path, fault.message));
    if (trial.workflow !== draft.name) toast.told(words.otherWorkflow(trial.workflow));
    desk.play(trial, draft);
  }
  const input = (
    <input
      ref={field}
      type="file"
      accept=".json,application/json"
      aria-label={words.open}
      tabIndex={-1}
      className="sr-only"
      onChange={({ target }) => {
        void read(target.files?.[0]);
        target.value = "";
      }}
    />
  );
  return { open: () => field.current?.click(), input };
}
