"use client";
/**
 * The definition as JSON. What is typed becomes one edit whenever it pauses and is a definition; until it is one again the text
 * stays as it is, and canvas and draft keep what was valid last.
 */
import type { EditorView } from "@codemirror/view";
import { Braces, Check, CircleAlert, Clock } from "lucide-react";
import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { codeTexts } from "@/lib/client/texts/editor-code";
import type { Definition } from "@/lib/contract/definition";
import { canonicalJson } from "@/lib/contract/json";
import { readable } from "@/lib/editor/definition-file";
import { readDefinition } from "@/lib/editor/definition-schema";
import { readJson } from "@/lib/editor/expressions/json-text";
import { Button } from "../../_ui/button";
import { CopyButton } from "../../_ui/copy-button";
import { useEditor, useEditorStore } from "../use-editor";
import { CodeMirror } from "./code-mirror";
import { SamplePicker } from "./sample-picker";
import { useSamples } from "./samples";
import { useDefinitionParts } from "./use-definition-parts";

const words = codeTexts.json;
const PAUSE_MS = 500;

export function EditorJsonView() {
  const store = useEditorStore();
  const definition = useEditor(({ session }) => session.present.definition);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const { samples } = useSamples();
  const view = useRef<EditorView>(null);
  const { text, status, faults, type, apply, drop } = useDefinitionText(definition, (next) =>
    store.apply({ type: "replace", definition: next }),
  );
  function save() {
    if (apply(text)) void store.draft.flush();
  }
  function format() {
    const { value } = readJson(text);
    if (value !== undefined) type(JSON.stringify(value, null, 2));
  }
  const selected = useEditor(({ selection }) => (selection.nodes.length === 1 ? (selection.nodes[0] ?? null) : null));
  const extensions = useDefinitionParts({
    definition,
    samples,
    selected,
    onSave: save,
    onFormat: format,
    onNode: (id) => store.select({ nodes: [id], edges: [], comments: [] }),
  });
  return (
    <section aria-label={words.title} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-b px-4 text-xs">
        <StatusOfText status={isReadOnly ? "read-only" : status} faults={faults} />
        <span className="flex-1" />
        {status === "invalid" && !isReadOnly && (
          <Button size="sm" variant="ghost" onClick={drop}>
            {words.drop}
          </Button>
        )}
        <SamplePicker className="max-md:hidden" />
        {!isReadOnly && (
          <Button size="sm" variant="ghost" onClick={format} title={words.formatHint}>
            <Braces aria-hidden size={14} />
            {words.format}
          </Button>
        )}
        <CopyButton value={text} label={words.copy} />
      </div>
      <CodeMirror
        label={words.title}
        language="json"
        value={text}
        onChange={type}
        readOnly={isReadOnly}
        invalid={status === "invalid"}
        extensions={extensions}
        viewRef={view}
        className="min-h-0 flex-1"
      />
    </section>
  );
}

type TextStatus = "applied" | "typing" | "invalid";

function shown(definition: Definition): string {
  return JSON.stringify(readable(definition), null, 2);
}

/** The text beside the definition: each is taken over from the other, and a text that is none waits until it is. */
function useDefinitionText(definition: Definition, replace: (next: Definition) => unknown) {
  const [text, setText] = useState(() => shown(definition));
  const [status, setStatus] = useState<TextStatus>("applied");
  const [faults, setFaults] = useState(0);
  /** What the text says of the definition, or said when it was one. */
  const says = useRef(definition);

  function apply(written: string): boolean {
    const read = readDefinition(written, definition.name);
    const isRight = read.definition !== null;
    setStatus(isRight ? "applied" : "invalid");
    setFaults(read.faults.filter(({ severity }) => severity === "error").length);
    if (read.definition === null) return false;
    const isNew = canonicalJson(read.definition) !== canonicalJson(definition);
    says.current = isNew ? read.definition : definition;
    if (isNew) replace(read.definition);
    return true;
  }

  const paused = useEffectEvent(apply);
  useEffect(() => {
    if (status !== "typing") return;
    const timer = setTimeout(() => paused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [status, text]);
  // Whoever goes to another view takes along what was typed last.
  const leave = useEffectEvent(() => {
    if (status === "typing") apply(text);
  });
  useEffect(() => () => leave(), []);

  const follow = useEffectEvent((next: Definition) => {
    if (next === says.current || canonicalJson(next) === canonicalJson(says.current)) return;
    says.current = next;
    // A text that is none is somebody's work: it is not written over.
    if (status !== "applied") return;
    setText(shown(next));
  });
  useEffect(() => follow(definition), [definition]);

  return {
    text,
    status,
    faults,
    apply,
    type(next: string) {
      setText(next);
      setStatus("typing");
    },
    drop() {
      says.current = definition;
      setText(shown(definition));
      setStatus("applied");
    },
  };
}

function StatusOfText({ status, faults }: { status: TextStatus | "read-only"; faults: number }) {
  const { Icon, tone, said } = useMemo(() => {
    if (status === "invalid") return { Icon: CircleAlert, tone: "text-danger", said: words.invalid(faults) };
    if (status === "typing") return { Icon: Clock, tone: "text-ink-3", said: words.typing };
    if (status === "read-only") return { Icon: Check, tone: "text-ink-3", said: words.readOnly };
    return { Icon: Check, tone: "text-ink-3", said: words.applied };
  }, [status, faults]);
  return (
    <p role="status" className={`flex min-w-0 items-center gap-1.5 ${tone}`}>
      <Icon aria-hidden size={14} className="shrink-0" />
      <span className="truncate">{said}</span>
    </p>
  );
}
