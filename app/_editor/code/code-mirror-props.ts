/** What an editor of code is told. */
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Ref } from "react";
import type { Early } from "./field-props";

export type CodeLanguage = "json" | "typescript";

export interface CodeMirrorProps {
  /** Taken over whenever it changes, around the cursor; what is typed stays even where nobody takes it. */
  value: string;
  /** With each change by a person. */
  onChange?: (text: string) => void;
  /** Its name for those who do not see it. */
  label: string;
  /** Id of the label or heading that names it instead. */
  labelledBy?: string;
  describedBy?: string;
  id?: string;
  /** Can be read, copied, searched and walked through. */
  readOnly?: boolean;
  invalid?: boolean;
  language?: CodeLanguage;
  /** `document` (the default) fills its box and has line numbers, folds and search; a `field` grows with its text. */
  look?: "document" | "field";
  /** Kept by the caller between draws: another value sets the editor up anew, and keeps text, cursor and history. */
  extensions?: Extension;
  /** When it comes, with the cursor at its end or where the pointer was. */
  autoFocus?: true | { x: number; y: number };
  /** Typed at once, where it takes the focus. */
  early?: Early;
  onFocus?: () => void;
  onBlur?: () => void;
  /** The editor itself, for commands: null while there is none. */
  viewRef?: Ref<EditorView>;
  className?: string;
}
