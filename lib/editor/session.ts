/** One person's edits of a document: undone and done again, and carried over what somebody else saved meanwhile. */
import { canonicalJson } from "../contract/json";
import type { EditorDocument } from "./document";
import { applyEdit, type Edit } from "./edits";

interface Entry {
  readonly document: EditorDocument;
  readonly edit: Edit;
  readonly at: number;
}

export interface Session {
  /** The documents before each edit, the oldest first. */
  readonly past: readonly Entry[];
  readonly present: EditorDocument;
  /** What was undone: the documents that come back, the next one last. */
  readonly future: readonly Entry[];
}

/** Edits of one field that follow each other so closely, in milliseconds, are undone together. */
const TOGETHER_MS = 1_000;
/** The oldest are forgotten above that. */
export const UNDO_MOST = 1_000;

export function openSession(document: EditorDocument): Session {
  return { past: [], present: document, future: [] };
}

/** `at`: when, in milliseconds. An edit that changes nothing leaves the session as it is. */
export function edit(
  session: Session,
  change: Edit,
  at: number,
): { readonly session: Session; readonly made: readonly string[] } | { readonly refused: string } {
  const edited = applyEdit(session.present, change);
  if ("refused" in edited) return edited;
  const { document, made } = edited;
  if (isSame(document, session.present)) return { session, made };
  const last = session.past.at(-1);
  const isOne = last !== undefined && session.future.length === 0 && goesOn(last, change, at);
  const past = isOne
    ? [...session.past.slice(0, -1), { ...last, at }]
    : [...session.past, { document: session.present, edit: change, at }].slice(-UNDO_MOST);
  return { session: { past, present: document, future: [] }, made };
}

export function undo(session: Session): Session {
  const last = session.past.at(-1);
  if (last === undefined) return session;
  return {
    past: session.past.slice(0, -1),
    present: last.document,
    future: [...session.future, { ...last, document: session.present }],
  };
}

export function redo(session: Session): Session {
  const next = session.future.at(-1);
  if (next === undefined) return session;
  return {
    past: [...session.past, { ...next, document: session.present }],
    present: next.document,
    future: session.future.slice(0, -1),
  };
}

/** Every document of it changed alike, so that undoing never takes back what somebody else did. */
export function carried(session: Session, change: (document: EditorDocument) => EditorDocument): Session {
  const entries = (list: readonly Entry[]) => list.map((entry) => ({ ...entry, document: change(entry.document) }));
  return { past: entries(session.past), present: change(session.present), future: entries(session.future) };
}

function goesOn({ edit: before, at: then }: Entry, next: Edit, at: number): boolean {
  return at - then <= TOGETHER_MS && subjectOf(before) !== null && subjectOf(before) === subjectOf(next);
}

/** What an edit changes, where many small ones in a row are one to whoever makes them; null: each stands for itself. */
function subjectOf(edit: Edit): string | null {
  switch (edit.type) {
    case "set-node":
      return canonicalJson([edit.type, edit.node, edit.path]);
    case "set-workflow":
      return canonicalJson([edit.type, edit.path]);
    case "set-comment":
      return canonicalJson([edit.type, edit.comment, Object.keys(edit.change)]);
    case "move":
      return canonicalJson([edit.type, Object.keys(edit.places).sort(), Object.keys(edit.comments ?? {}).sort()]);
    case "all": {
      const subjects = edit.edits.map(subjectOf);
      return subjects.includes(null) ? null : canonicalJson([edit.type, subjects]);
    }
    default:
      return null;
  }
}

function isSame(a: EditorDocument, b: EditorDocument): boolean {
  return (
    a.definition === b.definition && (a.layout === b.layout || canonicalJson(a.layout) === canonicalJson(b.layout))
  );
}
