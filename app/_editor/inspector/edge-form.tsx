"use client";
/** All about one edge: which outcome it leads on from, where to, and whether it goes round. */
import { ArrowRight, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { editorInspectorTexts } from "@/lib/client/texts/editor-inspector";
import type { Edge } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import { portsOf } from "@/lib/core/definition/ports";
import { type EdgeRef, type Graph, graphAt, isEdge, type Path, type Scope } from "@/lib/editor/document";
import type { Edit } from "@/lib/editor/edits";
import { edgeFields, valueAt } from "@/lib/editor/fields/form-fields";
import { Button } from "../../_ui/button";
import { Checkbox } from "../../_ui/checkbox";
import { ScrollArea } from "../../_ui/scroll-area";
import { NOTHING, type SelectedEdge } from "../selection";
import { useEditor, useEditorStore } from "../use-editor";
import { Select } from "./choice-fields";
import { FieldControl } from "./field-control";
import { FieldShell } from "./field-shell";
import { ofEdge } from "./focus-field";
import { type Subject, SubjectProvider } from "./subject";

const words = editorInspectorTexts.edge;
const { label } = editorInspectorTexts;

export function EdgeForm({ scope, edge: ref }: SelectedEdge) {
  const definition = useEditor(({ session }) => session.present.definition);
  const graph = graphAt(definition, scope);
  const edge = graph?.edges.find((each) => isEdge(each, ref, graph));
  const subject = useMemo(() => edge && edgeSubject(scope, ref, edge), [scope, ref, edge]);
  if (graph === null || edge === undefined || subject === undefined) return null;
  return (
    <SubjectProvider subject={subject}>
      <header className="flex h-11 shrink-0 items-center gap-1.5 border-b px-4 text-xs">
        <span className="font-medium">{words.title}</span>
        <span className="min-w-0 truncate font-mono text-2xs text-ink-2">{ref.from}</span>
        <ArrowRight aria-hidden size={11} className="shrink-0 text-ink-3" />
        <span className="min-w-0 truncate font-mono text-2xs text-ink-2">{ref.to}</span>
      </header>
      <Fields graph={graph} edge={edge} selected={{ scope, edge: ref }} />
    </SubjectProvider>
  );
}

function Fields({ graph, edge, selected: { scope, edge: ref } }: { graph: Graph; edge: Edge; selected: SelectedEdge }) {
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const source = graph.nodes.find(({ id }) => id === ref.from);
  const ports = new Set([ref.port, ...(source ? portsOf(source) : [])]);
  const loop = edgeFields.find(({ name }) => name === "loop");
  const ends: readonly { end: keyof EdgeRef; options: readonly string[] }[] = [
    { end: "from", options: graph.nodes.map(({ id }) => id) },
    { end: "port", options: [...ports] },
    { end: "to", options: graph.nodes.map(({ id }) => id) },
  ];
  /** It is another edge then, and stays selected. */
  const lead = (to: EdgeRef) => {
    if (editor.apply({ type: "reconnect", scope, edge: ref, to }) !== null)
      editor.select({ ...NOTHING, edges: [{ scope, edge: to }] });
  };
  const setLoop = (isLoop: boolean) => editor.apply({ type: "set-loop", scope, edge: ref, loop: isLoop ? {} : null });
  return (
    <ScrollArea label={editorInspectorTexts.toEdge(ref.from, ref.to)} className="flex flex-col gap-3.5 px-4 py-3.5">
      {ends.map(({ end, options }) => (
        <FieldShell key={end} label={label(end)} path={[end]} hint={hintAt(end)}>
          {(wired) => (
            <Select
              wired={wired}
              value={ref[end]}
              options={[...new Set([ref[end], ...options])].map((value) => ({ value, name: value }))}
              isReadOnly={isReadOnly}
              onChange={(value) => lead({ ...ref, [end]: value })}
            />
          )}
        </FieldShell>
      ))}
      <FieldShell label={words.makeLoop} path={["loop"]}>
        {({ id }) => (
          <span className="flex items-start gap-2">
            <Checkbox
              id={id}
              checked={edge.loop !== undefined}
              onChange={(checked) => !isReadOnly && setLoop(checked)}
            />
            <span className="text-2xs text-ink-3">{words.makeLoopHint}</span>
          </span>
        )}
      </FieldShell>
      {edge.loop !== undefined && loop?.fields.map((field) => <FieldControl key={field.name} field={field} />)}
      {!isReadOnly && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => editor.apply({ type: "remove", nodes: [], edges: [{ scope, edge: ref }] })}
        >
          <Trash2 aria-hidden size={12} />
          {words.remove}
        </Button>
      )}
    </ScrollArea>
  );
}

function hintAt(end: keyof EdgeRef): string | null {
  return end === "port" ? null : (edgeFields.find(({ name }) => name === end)?.description ?? null);
}

function edgeSubject(scope: Scope, ref: EdgeRef, edge: Edge): Subject {
  return {
    key: ofEdge(scope, ref),
    node: null,
    edge: { scope, edge: ref },
    target: null,
    read: (path) => valueAt(edge, path),
    isMixed: () => false,
    edit: (path, value) => loopEdit(scope, ref, edge, path, value),
    fallback: (field) => field.fallback,
  };
}

/** Of an edge only what is said of its loop is a value; its ends are led elsewhere. */
function loopEdit(scope: Scope, edge: EdgeRef, { loop }: Edge, path: Path, value: JsonValue | undefined): Edit {
  const { [String(path[1])]: _, ...rest } = { ...loop } as { [name: string]: JsonValue };
  const next = value === undefined ? rest : { ...loop, [String(path[1])]: value };
  return { type: "set-loop", scope, edge, loop: next };
}
