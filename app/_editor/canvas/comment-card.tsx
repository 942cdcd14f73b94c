"use client";
/** What somebody wrote beside the nodes: read in its place, written in its place, as large as one draws it. */
import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo } from "react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import { classNames } from "../../_ui/class-names";
import { useEditorStore } from "../use-editor";
import { type CommentNode, commentNodeId } from "./elements";
import { focusNode } from "./focus";
import { useUi, useUiStore } from "./ui";

const words = canvasTexts.comment;

export const CommentCard = memo(function CommentCard({ data, selected, width, height }: NodeProps<CommentNode>) {
  const editor = useEditorStore();
  const { comment, origin, isReadOnly } = data;
  const isWriting = useUi(({ writing }) => writing === comment.id);
  return (
    <div
      style={{ width, height }}
      className={classNames("comment-card overflow-hidden rounded-md border", selected && "is-selected")}
    >
      {selected && !isReadOnly && (
        <NodeResizer
          minWidth={80}
          minHeight={40}
          lineClassName="!border-transparent"
          handleClassName="comment-grip"
          onResizeEnd={(_, { x, y, width: wide, height: high }) =>
            editor.apply({
              type: "set-comment",
              comment: comment.id,
              change: {
                x: Math.round(x - origin.x),
                y: Math.round(y - origin.y),
                width: Math.round(wide),
                height: Math.round(high),
              },
            })
          }
        />
      )}
      {isWriting && !isReadOnly ? (
        <Written id={comment.id} text={comment.text} />
      ) : (
        <p className="h-full overflow-hidden p-2.5 text-xs break-words whitespace-pre-wrap text-ink-2">
          {comment.text === "" ? <span className="text-ink-3">{words.empty}</span> : comment.text}
        </p>
      )}
    </div>
  );
});

function Written({ id, text }: { id: string; text: string }) {
  const editor = useEditorStore();
  const ui = useUiStore();
  const end = (written: string) => {
    if (written !== text) editor.apply({ type: "set-comment", comment: id, change: { text: written } });
    if (ui.state().writing === id) ui.set({ writing: null });
  };
  return (
    <textarea
      // biome-ignore lint/a11y/noAutofocus: one asked to write here
      autoFocus
      aria-label={words.edit}
      placeholder={words.placeholder}
      defaultValue={text}
      maxLength={4096}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
        end(event.currentTarget.value);
        focusNode(commentNodeId(id));
      }}
      className="nodrag nopan nowheel size-full resize-none bg-transparent p-2.5 text-xs outline-none"
    />
  );
}
