"use client";
/** A workflow without nodes: a first node, a template, or a definition that is there already. */
import { FileInput, Plus, Workflow } from "lucide-react";
import { useState } from "react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import { documentFrom, type Template } from "@/lib/editor/templates/template";
import { TEMPLATES } from "@/lib/editor/templates/templates";
import { Button } from "../../_ui/button";
import { Empty } from "../../_ui/empty";
import { ImportDialog } from "../code/import-export";
import { useEditor, useEditorStore } from "../use-editor";
import { useCommands } from "./use-commands";

const words = canvasTexts.empty;

export function EmptyCanvas() {
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const commands = useCommands();
  const [isImporting, setImporting] = useState(false);
  if (isReadOnly)
    return (
      <Empty icon={Workflow} title={words.title}>
        <p>{words.readOnly}</p>
      </Empty>
    );
  return (
    <Empty icon={Workflow} title={words.title}>
      <p>{words.hint}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button variant="solid" onClick={() => commands.askToAdd()}>
          <Plus aria-hidden size={14} />
          {words.first}
        </Button>
        <Button onClick={() => setImporting(true)}>
          <FileInput aria-hidden size={14} />
          {words.import}
        </Button>
      </div>
      <Templates />
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
    </Empty>
  );
}

function Templates() {
  const editor = useEditorStore();
  const begin = (template: Template) =>
    editor.apply({ type: "replace", ...documentFrom(template, editor.present.definition.name) });
  return (
    <section aria-label={words.template} className="w-full text-left">
      <h3 className="pt-2 pb-2 text-2xs font-medium text-ink-3">{words.template}</h3>
      <div className="grid gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-2">
        {TEMPLATES.map((template) => (
          <button
            key={template.id}
            type="button"
            onClick={() => begin(template)}
            className="bg-canvas px-3 py-2.5 text-left focus-inset hover:bg-hover"
          >
            <span className="block text-xs font-medium text-ink">{template.title}</span>
            <span className="line-clamp-2 text-2xs text-ink-3">{template.sentence}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
