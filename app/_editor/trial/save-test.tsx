"use client";
/** Writes the trial to a file that plays it again and expects the same of it. */
import { useState } from "react";
import { saveBlob } from "@/lib/client/portable";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { Field, Input } from "../../_ui/field";
import { FormDialog } from "../../_ui/form-dialog";

export function SaveTest({ run, onClose }: { run: TrialRun; onClose: () => void }) {
  const usual = usualName(run);
  const [name, setName] = useState(usual);
  const workflow = run.definition.name;
  const file = `${workflow}.${fileWord(name)}.trial.json`;
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.save}
      description={words.saveHint}
      submit={words.saveSubmit}
      busy={false}
      error={null}
      onSubmit={() => {
        const text = `${JSON.stringify(run.recorded(name.trim() || usual), null, 2)}\n`;
        saveBlob(new Blob([text], { type: "application/json" }), file);
        onClose();
      }}
    >
      <Field label={words.saveName} hint={words.saveNameHint(file)}>
        {(field) => (
          <Input {...field} required maxLength={200} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
    </FormDialog>
  );
}

function usualName({ state }: TrialRun): string {
  const { status, error } = state;
  if (status === "failed" && error !== null) return words.names.failed(error.code);
  return status === "cancelled" || status === "timed_out" ? words.names[status] : words.names.completed;
}

/** What may stand in the name of a file anywhere. */
function fileWord(name: string): string {
  const word = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return word.slice(0, 80) || "trial";
}
