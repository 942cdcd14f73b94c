"use client";
/** The workflow as a whole: what it takes and gives, and what holds for all its nodes. */
import { useMemo } from "react";
import { editorInspectorTexts } from "@/lib/client/texts/editor-inspector";
import type { Definition } from "@/lib/contract/definition";
import { valueAt, workflowFields } from "@/lib/editor/fields/form-fields";
import { useEditor } from "../use-editor";
import { OF_WORKFLOW } from "./focus-field";
import { Form } from "./form";
import { type Subject, SubjectProvider } from "./subject";

const words = editorInspectorTexts.workflow;

export function WorkflowForm() {
  const definition = useEditor(({ session }) => session.present.definition);
  const subject = useMemo(() => workflowSubject(definition), [definition]);
  return (
    <SubjectProvider subject={subject}>
      <header className="flex shrink-0 flex-col gap-0.5 border-b px-4 py-3">
        <h2 className="flex min-w-0 items-baseline gap-2 text-xs font-semibold">
          {words.title}
          <span className="min-w-0 truncate font-mono text-2xs font-normal text-ink-2">{definition.name}</span>
        </h2>
        <p className="text-2xs text-ink-3">{words.nothingSelected}</p>
      </header>
      <Form label={editorInspectorTexts.fieldsOf(definition.name)} fields={workflowFields} />
    </SubjectProvider>
  );
}

function workflowSubject(definition: Definition): Subject {
  return {
    key: OF_WORKFLOW,
    node: null,
    target: null,
    read: (path) => valueAt(definition, path),
    isMixed: () => false,
    edit: (path, value) => ({ type: "set-workflow", path, ...(value === undefined ? {} : { value }) }),
    fallback: (field) => field.fallback,
  };
}
