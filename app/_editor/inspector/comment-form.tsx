"use client";
/** A comment on the canvas: its text. */
import { StickyNote, Trash2 } from "lucide-react";
import { useId } from "react";
import { editorInspectorTexts } from "@/lib/client/texts/editor-inspector";
import { Button } from "../../_ui/button";
import { ScrollArea } from "../../_ui/scroll-area";
import { useEditor, useEditorStore } from "../use-editor";
import { SmallArea } from "./typed-input";

const words = editorInspectorTexts.comment;
const LONGEST = 4096;

export function CommentForm({ id }: { id: string }) {
  const editor = useEditorStore();
  const text = useId();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const comments = useEditor(({ session }) => session.present.layout.comments);
  const comment = comments?.find((each) => each.id === id);
  if (comment === undefined) return null;
  return (
    <>
      <header className="flex h-11 shrink-0 items-center gap-2 border-b px-4 text-xs font-medium">
        <StickyNote aria-hidden size={13} className="text-ink-3" />
        {words.title}
      </header>
      <ScrollArea label={words.title} className="flex flex-col gap-2 px-4 py-3.5">
        <label htmlFor={text} className="text-2xs font-medium text-ink-2">
          {words.text}
        </label>
        <SmallArea
          id={text}
          rows={8}
          maxLength={LONGEST}
          value={comment.text}
          readOnly={isReadOnly}
          onChange={({ target }) => editor.apply({ type: "set-comment", comment: id, change: { text: target.value } })}
          className="text-sm leading-5"
        />
        {!isReadOnly && (
          <Button
            size="sm"
            className="self-start"
            onClick={() => editor.apply({ type: "remove", nodes: [], edges: [], comments: [id] })}
          >
            <Trash2 aria-hidden size={12} />
            {words.remove}
          </Button>
        )}
      </ScrollArea>
    </>
  );
}
