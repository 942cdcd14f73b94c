"use client";
/** A definition taken in from a file in the draft's place, after one has seen what is in it; and the draft given out as one. */
import { FileJson, Upload } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { count } from "@/lib/client/format";
import { saveBlob } from "@/lib/client/portable";
import { codeTexts } from "@/lib/client/texts/editor-code";
import { type DefinitionFile, type FileForm, fileText, readFile } from "@/lib/editor/definition-file";
import type { EditorDocument } from "@/lib/editor/document";
import { classNames } from "../../_ui/class-names";
import { FormDialog } from "../../_ui/form-dialog";
import { toast } from "../../_ui/toast";
import { useEditor, useEditorStore } from "../use-editor";

const words = codeTexts.file;

/** Gives the browser a file to save. */
export function exportFile(document: EditorDocument, withLayout: boolean, form: FileForm = "pretty"): void {
  const text = fileText(document, withLayout, form);
  saveBlob(new Blob([text], { type: "application/json" }), `${document.definition.name}.json`);
}

interface Chosen {
  readonly name: string;
  readonly read: DefinitionFile | { readonly refused: string };
}

/** Larger than any definition can be. */
const MOST_BYTES = 20_000_000;

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const store = useEditorStore();
  const workflow = useEditor(({ session }) => session.present.definition.name);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const file = chosen !== null && !("refused" in chosen.read) ? chosen.read : null;

  async function choose(given: File | undefined) {
    if (given === undefined) return;
    const read = given.size > MOST_BYTES ? { refused: words.tooLarge } : readFile(await given.text(), workflow);
    setChosen({ name: given.name, read });
  }

  function takeIn() {
    if (file === null) return;
    const { definition, layout } = file;
    const made = store.apply({ type: "replace", definition, ...(layout === undefined ? {} : { layout }) });
    if (made === null) return;
    toast.done(words.done);
    onClose();
  }

  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.title}
      description={words.hint(workflow)}
      submit={words.submit}
      busy={false}
      error={null}
      onSubmit={takeIn}
    >
      <FileDrop name={chosen?.name ?? null} onFile={(given) => void choose(given)} />
      {chosen !== null && "refused" in chosen.read && (
        <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
          {chosen.read.refused}
        </p>
      )}
      {file !== null && <Contents file={file} workflow={workflow} />}
    </FormDialog>
  );
}

function FileDrop({ name, onFile }: { name: string | null; onFile: (file: File | undefined) => void }) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const over = (is: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(is);
  };
  const Icon = name === null ? Upload : FileJson;
  return (
    <label
      htmlFor={id}
      onDragOver={over(true)}
      onDragLeave={over(false)}
      onDrop={(event) => {
        over(false)(event);
        onFile(event.dataTransfer.files[0]);
      }}
      className={classNames(
        "flex h-24 flex-col items-center justify-center gap-2 rounded-md border border-dashed text-xs text-ink-2 transition-colors focus-within:outline-2 focus-within:outline-accent hover:bg-hover",
        isOver ? "border-accent bg-accent-tint" : "border-line-strong",
      )}
    >
      <Icon aria-hidden size={18} className="text-ink-3" />
      <span>{name ?? words.choose}</span>
      <input
        id={id}
        type="file"
        accept="application/json,.json"
        className="sr-only"
        onChange={(event) => onFile(event.target.files?.[0])}
      />
    </label>
  );
}

function Contents({ file, workflow }: { file: DefinitionFile; workflow: string }) {
  const errors = file.findings.filter(({ severity }) => severity === "error");
  return (
    <div aria-live="polite" className="flex flex-col gap-1 text-xs text-ink-2">
      <p className="text-ink">
        {count(file.definition.nodes.length, "node")}, {count(file.definition.edges.length, "edge")}
        {file.layout === undefined ? "" : `, ${words.withLayout}`}
      </p>
      {file.calledOtherwise !== null && <p>{words.otherName(file.calledOtherwise, workflow)}</p>}
      {errors.length > 0 && <p className="text-danger">{words.errors(errors.length)}</p>}
    </div>
  );
}
