"use client";
/** What several nodes have in common: set for all of them at once, and undone at once. */
import { Trash2 } from "lucide-react";
import { useMemo } from "react";
import { editorInspectorTexts } from "@/lib/client/texts/editor-inspector";
import type { Node } from "@/lib/contract/definition";
import { nodeOf, type Path } from "@/lib/editor/document";
import { commonFields, valueAt } from "@/lib/editor/fields/form-fields";
import { NodeIcon } from "../../_execution/node-icon";
import { Button } from "../../_ui/button";
import type { Selection } from "../selection";
import { useEditor, useEditorStore } from "../use-editor";
import { Form } from "./form";
import { isSameJson, type Subject, SubjectProvider } from "./subject";

const words = editorInspectorTexts.many;

export function ManyForm({ selection }: { selection: Selection }) {
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const definition = useEditor(({ session }) => session.present.definition);
  const { nodes: ids, edges, comments } = selection;
  const nodes = useMemo(() => ids.flatMap((id) => nodeOf(definition, id)?.node ?? []), [ids, definition]);
  const subject = useMemo(() => manySubject(nodes), [nodes]);
  const others = edges.length + comments.length;
  const fields =
    others > 0
      ? []
      : commonFields(nodes.map(({ type }) => type)).filter(({ control }) => control !== "rows" && control !== "body");
  return (
    <SubjectProvider subject={subject}>
      <header className="flex shrink-0 flex-col gap-2 border-b px-4 py-3">
        <div className="flex items-center justify-between gap-2">
          <h2 className="text-xs font-semibold">
            {others > 0 ? words.things(ids.length + others) : words.title(ids.length)}
          </h2>
          {!isReadOnly && (
            <Button
              size="sm"
              onClick={() =>
                editor.apply({ type: "remove", nodes: [...ids], edges: [...edges], comments: [...comments] })
              }
            >
              <Trash2 aria-hidden size={12} />
              {words.remove}
            </Button>
          )}
        </div>
        {nodes.length > 0 && (
          <ul className="flex flex-wrap gap-1">
            {nodes.map(({ id, type }) => (
              <li key={id}>
                <button
                  type="button"
                  title={editorInspectorTexts.jumpTo(id)}
                  onClick={() => editor.reveal(id)}
                  className="inline-flex h-6 max-w-40 items-center gap-1 rounded-sm border px-1.5 font-mono text-2xs hover:bg-hover"
                >
                  <NodeIcon type={type} className="size-3 shrink-0 text-ink-3" />
                  <span className="truncate">{id}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {nodes.length > 1 && (
          <p className="text-2xs text-ink-3">{fields.length === 0 ? words.nothing : words.common}</p>
        )}
      </header>
      <Form key={ids.join(" ")} label={words.title(ids.length)} fields={fields} />
    </SubjectProvider>
  );
}

function manySubject(nodes: readonly Node[]): Subject {
  const read = (path: Path) => valueAt(nodes[0], path);
  return {
    key: "many",
    node: null,
    target: null,
    read,
    isMixed: (path) => nodes.some((node) => !isSameJson(valueAt(node, path), read(path))),
    edit: (path, value) => ({
      type: "all",
      edits: nodes.map(({ id }) => ({ type: "set-node", node: id, path, ...(value === undefined ? {} : { value }) })),
    }),
    fallback: (field) => field.fallback,
  };
}
