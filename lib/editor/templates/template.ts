/** What a template is; a workflow that is made from it gets its own name and is otherwise the same. */
import type { Definition } from "../../contract/definition";
import type { Comment, Layout } from "../../contract/drafts";
import { blankDocument } from "../blank";
import type { EditorDocument } from "../document";

export interface Template {
  /** As the address of the editor names it. */
  readonly id: string;
  readonly title: string;
  /** What it is for, and what it shows. */
  readonly sentence: string;
  /** The name that is suggested. */
  readonly name: string;
  readonly definition: Omit<Definition, "format" | "name">;
  readonly layout: Layout;
}

export function documentFrom({ definition, layout }: Template, name: string): EditorDocument {
  return { definition: { ...blankDocument(name).definition, ...definition }, layout };
}

const COMMENT = { width: 300, height: 92, gap: 20 };

/** Side by side above the graph, whichever way it is laid out. */
export function commentsAbove(...texts: readonly string[]): Comment[] {
  return texts.map((text, i) => ({
    id: `note_${i + 1}`,
    text,
    x: i * (COMMENT.width + COMMENT.gap),
    y: -(COMMENT.height + 56),
    width: COMMENT.width,
    height: COMMENT.height,
  }));
}
