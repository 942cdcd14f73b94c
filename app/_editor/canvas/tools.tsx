"use client";
/** The buttons over the canvas: zoom, show all, tidy up, find, comment, the overview map. */
import { Panel, useReactFlow } from "@xyflow/react";
import { Map as MapIcon, Maximize, MessageSquarePlus, Minus, Plus, ScanSearch, Search, Sparkle } from "lucide-react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import { Button } from "../../_ui/button";
import { classNames } from "../../_ui/class-names";
import { useEditor } from "../use-editor";
import { useUi, useUiStore } from "./ui";
import { useCommands } from "./use-commands";

const words = canvasTexts.tools;
export const FIT = { padding: 0.14, maxZoom: 1 };

export function Tools() {
  const flow = useReactFlow();
  const ui = useUiStore();
  const commands = useCommands();
  const isMapShown = useUi((state) => state.isMapShown);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const isPlaced = useEditor(({ session }) => session.present.layout.places !== undefined);
  const isChosen = useEditor(({ selection }) => selection.nodes.length > 0);
  const view = [
    { name: words.zoomOut, icon: Minus, act: () => void flow.zoomOut({ duration: 140 }) },
    { name: words.zoomIn, icon: Plus, act: () => void flow.zoomIn({ duration: 140 }) },
    { name: words.fit, icon: Maximize, act: () => void flow.fitView({ duration: 140, ...FIT }) },
    { name: words.zoomTo, icon: ScanSearch, act: () => zoomToChosen(flow, commands.selection.nodes), isOff: !isChosen },
    { name: words.map, icon: MapIcon, act: () => ui.set({ isMapShown: !isMapShown }), isPressed: isMapShown },
    { name: words.find, icon: Search, act: () => ui.set({ isSearching: true }) },
  ];
  const edits = [
    { name: words.comment, icon: MessageSquarePlus, act: () => commands.addComment() },
    { name: words.tidyHint, icon: Sparkle, act: () => commands.tidy(), isOff: !isPlaced },
  ];
  return (
    <Panel position="bottom-left" className="!m-3 flex gap-2">
      <ToolGroup label={words.label} tools={view} />
      {!isReadOnly && <ToolGroup label={words.tidy} tools={edits} />}
    </Panel>
  );
}

interface Tool {
  readonly name: string;
  readonly icon: typeof Plus;
  readonly act: () => void;
  readonly isPressed?: boolean;
  readonly isOff?: boolean;
}

export function ToolGroup({ label, tools }: { label: string; tools: readonly Tool[] }) {
  return (
    <div role="toolbar" aria-label={label} className="flex rounded-md border bg-raised p-0.5">
      {tools.map(({ name, icon: Icon, act, isPressed, isOff }) => (
        <Button
          key={name}
          variant="ghost"
          size="sm"
          aria-label={name}
          aria-pressed={isPressed}
          title={name}
          disabled={isOff}
          onClick={act}
          className={classNames("size-7 px-0", isPressed && "bg-active text-ink")}
        >
          <Icon aria-hidden size={14} />
        </Button>
      ))}
    </div>
  );
}

export function zoomToChosen(flow: ReturnType<typeof useReactFlow>, nodes: readonly string[]): void {
  if (nodes.length > 0)
    void flow.fitView({ nodes: nodes.map((id) => ({ id })), duration: 140, padding: 0.4, maxZoom: 1.2 });
}
