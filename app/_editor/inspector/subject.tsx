"use client";
/** What a form is about: a node, several, an edge or the workflow. Its fields read and write through it, and know no more. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Node } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import { applyEdit, type Edit } from "@/lib/editor/edits";
import type { FormField } from "@/lib/editor/fields/form-fields";
import { placeAt, pointerOf } from "@/lib/editor/fields/place-at";
import type { SelectedEdge } from "../selection";
import { useEditor, useEditorStore, useFindings } from "../use-editor";
import { subjectOf } from "./focus-field";

export interface Subject {
  /** As {@link subjectOf} names it. */
  readonly key: string;
  /** Whose expressions stand in it; null: the workflow's own. */
  readonly node: string | null;
  /** Of a loop edge, what it carries over. */
  readonly edge?: SelectedEdge;
  /** Null where there is more than one. */
  readonly target: Node | null;
  readonly read: (path: Path) => JsonValue | undefined;
  /** Several things differ in it. */
  readonly isMixed: (path: Path) => boolean;
  readonly edit: (path: Path, value: JsonValue | undefined) => Edit;
  /** What holds where nothing is written: the workflow's own defaults come before the format's. */
  readonly fallback: (field: FormField, path: Path) => string | null;
}

interface Placed {
  readonly pointer: string;
  readonly finding: Finding;
}

const Context = createContext<{ subject: Subject; findings: readonly Placed[] } | null>(null);

export function SubjectProvider({ subject, children }: { subject: Subject; children: ReactNode }) {
  const definition = useEditor(({ session }) => session.present.definition);
  const all = useFindings();
  const findings = useMemo(
    () =>
      all.flatMap((finding) => {
        const place = placeAt(definition, finding.path);
        return place !== null && subjectOf(place) === subject.key ? [{ pointer: pointerOf(place.path), finding }] : [];
      }),
    [all, definition, subject.key],
  );
  return <Context value={useMemo(() => ({ subject, findings }), [subject, findings])}>{children}</Context>;
}

function useContextOfForm() {
  const context = useContext(Context);
  if (context === null) throw new Error("A field stands inside a form.");
  return context;
}

export function useSubject(): Subject {
  return useContextOfForm().subject;
}

const NONE: readonly Finding[] = [];

/** What is said of a field and, unless `isGroup`, of all that is inside it. */
export function useFindingsAt(path: Path, isGroup = false): readonly Finding[] {
  const { findings } = useContextOfForm();
  const at = pointerOf(path);
  return useMemo(() => {
    const own = findings.filter(({ pointer }) => pointer === at || (!isGroup && pointer.startsWith(`${at}/`)));
    return own.length === 0 ? NONE : own.map(({ finding }) => finding);
  }, [findings, at, isGroup]);
}

/** How many there are of a field and of all that is inside it. */
export function useCountAt(paths: readonly Path[]): number {
  const { findings } = useContextOfForm();
  const places = paths.map(pointerOf);
  return findings.filter(({ pointer }) => places.some((at) => pointer === at || pointer.startsWith(`${at}/`))).length;
}

export interface BoundField {
  readonly value: JsonValue | undefined;
  readonly isMixed: boolean;
  readonly isReadOnly: boolean;
  /** @returns why it cannot have that value; null: it has it */
  readonly set: (value: JsonValue | undefined) => string | null;
}

export function useBound(path: Path): BoundField {
  const editor = useEditorStore();
  const subject = useSubject();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  return {
    value: subject.read(path),
    isMixed: subject.isMixed(path),
    isReadOnly,
    set: (value) => {
      const edit = subject.edit(path, value);
      const edited = applyEdit(editor.present, edit);
      if ("refused" in edited) return sentence(edited.refused);
      editor.apply(edit);
      return null;
    },
  };
}

/** Without the path that the schema puts before it: it is said at the field. */
function sentence(refusal: string): string {
  const said = refusal.replace(/^[\w.]+: /, "");
  return /[.!?]$/.test(said) ? said : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

export function isSameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}
