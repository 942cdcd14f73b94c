"use client";
/** What a map runs for each item: one task with its fields, or a graph that is edited where graphs are. */
import { ArrowRight, Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { editorInspectorTexts } from "@/lib/client/texts/editor-inspector";
import type { Path } from "@/lib/editor/document";
import { bodyOf } from "@/lib/editor/document";
import type { FormField } from "@/lib/editor/fields/form-fields";
import { Button } from "../../_ui/button";
import { useEditor, useEditorStore } from "../use-editor";
import type { FieldProps } from "./line-field";
import { Section } from "./section";
import { useSubject } from "./subject";

const words = editorInspectorTexts.body;
const MAIN: ReadonlySet<string> = new Set(["task", "queue", "input"]);

export function BodyField({ field, path, draw }: FieldProps & { draw: (field: FormField, path: Path) => ReactNode }) {
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const { target } = useSubject();
  if (target?.type !== "map") return null;
  const graph = bodyOf(target);
  const ofGraph = graph !== null;
  const fields = field.variants.find((variant) => variant.some(({ name }) => name === "task") !== ofGraph) ?? [];
  const at = (each: FormField) => [...path, each.name];
  return (
    <div data-path={`/${path.join("/")}`} className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-2">
        <span className="min-w-0 truncate text-2xs font-medium text-ink-2">
          {editorInspectorTexts.label(field.name)}: {graph ? words.graph(graph.nodes.length) : words.task}
        </span>
        {graph?.nodes[0] ? (
          <Button size="sm" onClick={() => editor.reveal(graph.nodes[0]?.id ?? target.id)}>
            {words.edit}
            <ArrowRight aria-hidden size={12} />
          </Button>
        ) : (
          !isReadOnly && (
            <Button
              size="sm"
              title={words.unfoldHint}
              onClick={() => editor.apply({ type: "unfold-body", node: target.id })}
            >
              <Workflow aria-hidden size={12} />
              {words.unfold}
            </Button>
          )
        )}
      </div>
      {fields.filter(({ name }) => ofGraph || MAIN.has(name)).map((each) => draw(each, at(each)))}
      {!ofGraph && (
        <Section
          title={editorInspectorTexts.moreOf(words.task)}
          paths={fields.filter(({ name }) => !MAIN.has(name)).map(at)}
          isOpenFirst={false}
        >
          {fields.filter(({ name }) => !MAIN.has(name)).map((each) => draw(each, at(each)))}
        </Section>
      )}
    </div>
  );
}
