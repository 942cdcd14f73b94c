"use client";
/** Opens a trial from a file and plays it with the draft. */
import { type ReactNode, useRef } from "react";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import { trialSchema } from "@/lib/contract/trials";
import { toast } from "../../_ui/toast";
import { useDraft, useTrial } from "./use-trial";

/** `input` is to stand somewhere; it is not seen. */
export function useOpenTest(): { open: () => void; input: ReactNode } {
  const { desk } = useTrial();
  const draft = useDraft();
  const field = useRef<HTMLInputElement>(null);
  async function read(file: File | undefined) {
    if (file === undefined) return;
    const json = parsed(await file.text());
    const trial = json === undefined ? null : trialSchema.safeParse(json);
    if (trial === null) return toast.failed(words.notATrial);
    if (!trial.success) return toast.failed(words.badTrial(trial.error.issues[0]?.message ?? ""));
    if (trial.data.workflow !== draft.name) toast.told(words.otherWorkflow(trial.data.workflow));
    desk.play(trial.data, draft);
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
