"use client";
/** What can be done with several nodes at once: brought into line, spread, taken away. It stands while more than one is selected. */
import { Panel } from "@xyflow/react";
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceAround,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceAround,
  Copy,
  Trash2,
} from "lucide-react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { ALIGNMENTS, type Alignment } from "@/lib/editor/canvas/arrange";
import { useEditor } from "../use-editor";
import { ToolGroup } from "./tools";
import { useCommands } from "./use-commands";

const ICONS: Record<Alignment, typeof Copy> = {
  left: AlignStartVertical,
  centre: AlignCenterVertical,
  right: AlignEndVertical,
  top: AlignStartHorizontal,
  middle: AlignCenterHorizontal,
  bottom: AlignEndHorizontal,
};

export function ArrangeBar() {
  const commands = useCommands();
  const chosen = useEditor(({ selection, isReadOnly }) => (isReadOnly ? 0 : selection.nodes.length));
  if (chosen < 2) return null;
  return (
    <Panel position="top-center" className="!m-3 flex items-center gap-2">
      <span
        role="status"
        className="rounded-md border bg-raised px-2 py-1.5 text-2xs whitespace-nowrap text-ink-2 tabular"
      >
        {words.many(chosen)}
      </span>
      <ToolGroup
        label={words.arrange}
        tools={[
          ...ALIGNMENTS.map((to) => ({ name: words.align[to], icon: ICONS[to], act: () => commands.align(to) })),
          {
            name: words.distribute.x,
            icon: AlignHorizontalSpaceAround,
            act: () => commands.distribute("x"),
            isOff: chosen < 3,
          },
          {
            name: words.distribute.y,
            icon: AlignVerticalSpaceAround,
            act: () => commands.distribute("y"),
            isOff: chosen < 3,
          },
          { name: words.menu.duplicate, icon: Copy, act: () => commands.duplicate() },
          { name: words.menu.remove, icon: Trash2, act: () => commands.remove() },
        ]}
      />
    </Panel>
  );
}
