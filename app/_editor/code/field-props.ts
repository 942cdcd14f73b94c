/** What the text of a field is told, in both of its states. */
import type { EditorView } from "@codemirror/view";
import type { RefObject } from "react";
import type { ExpressionPlace } from "@/lib/editor/expressions/place";
import type { Samples } from "@/lib/editor/expressions/samples";

/** Where the cursor goes: where the pointer was, or to the end. */
export type Entered = true | { readonly x: number; readonly y: number };

/** What was typed before the editor had come: it is typed there. */
export interface Early {
  text: string;
  /** All was selected before, so that it is typed over. */
  isAll: boolean;
}

export const NOTHING_EARLY: Readonly<Early> = { text: "", isAll: false };

export interface FieldBox {
  id: string;
  label: string;
  text: string;
  isExpression: boolean;
  isInvalid: boolean;
  describedBy: string;
  multiline: boolean;
  readOnly: boolean;
}

export type TypingProps = FieldBox & {
  entered: Entered;
  early: Early;
  viewRef: RefObject<EditorView | null>;
  place: ExpressionPlace | null;
  samples: Samples | null;
  onChange: (text: string) => void;
};
