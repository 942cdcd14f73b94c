"use client";
/** The kinds of nodes at the left of the canvas: dragged onto it, or clicked to come after what is selected. A sheet on phones. */
import { ChevronsLeft, Plus } from "lucide-react";
import { type DragEvent, useState } from "react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import type { NodeType } from "@/lib/contract/definition";
import { NodeIcon } from "../../_execution/node-icon";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { useMedia, WIDE } from "../../_ui/media";
import { useEditor } from "../use-editor";
import { NODE_GROUPS } from "./node-groups";
import { useUi, useUiStore } from "./ui";
import { useCommands } from "./use-commands";

const words = canvasTexts.palette;
/** What a kind of node is called while it is dragged. */
export const DRAGGED_TYPE = "application/x-cerebelum-node";
/** From here on there is room for it beside the canvas. */
const ROOMY = "(min-width: 1600px)";

export function Palette() {
  const ui = useUiStore();
  const isWide = useMedia(WIDE);
  const isRoomy = useMedia(ROOMY);
  const isBegun = useEditor(({ session }) => session.present.definition.nodes.length > 0);
  // Whoever begins sees what there is to begin with.
  const isOpen = useUi(({ isPaletteOpen }) => isPaletteOpen) ?? (isRoomy || !isBegun);
  if (!isWide) return <PaletteSheet />;
  if (!isOpen)
    return (
      <div data-editor-panel className="flex w-11 shrink-0 flex-col items-center gap-0.5 overflow-y-auto border-r py-2">
        <Button
          variant="ghost"
          size="icon"
          aria-label={words.show}
          title={words.show}
          onClick={() => ui.set({ isPaletteOpen: true })}
        >
          <Plus aria-hidden size={15} />
        </Button>
        {NODE_GROUPS.flatMap(({ types }) => types.map((type) => <IconEntry key={type} type={type} />))}
      </div>
    );
  return (
    <section
      aria-label={words.label}
      data-editor-panel
      className="flex w-[216px] shrink-0 flex-col overflow-y-auto border-r"
    >
      <div className="flex h-10 shrink-0 items-center justify-between pr-1.5 pl-4">
        <h2 className="text-xs font-medium">{words.title}</h2>
        <Button
          variant="ghost"
          size="sm"
          aria-label={words.hide}
          title={words.hide}
          onClick={() => ui.set({ isPaletteOpen: false })}
          className="px-1.5"
        >
          <ChevronsLeft aria-hidden size={14} />
        </Button>
      </div>
      <Entries />
      <p className="px-4 pt-1 pb-4 text-2xs text-ink-3">{words.hint}</p>
    </section>
  );
}

function Entries({ onChosen }: { onChosen?: () => void }) {
  return NODE_GROUPS.map(({ name, types }) => (
    <div key={name} role="group" aria-label={canvasTexts.groups[name]} className="px-2 pb-2">
      <h3 className="px-2 pt-1 pb-1 text-2xs font-medium text-ink-3">{canvasTexts.groups[name]}</h3>
      {types.map((type) => (
        <Entry key={type} type={type} {...(onChosen && { onChosen })} />
      ))}
    </div>
  ));
}

function useEntry(type: NodeType, onChosen?: () => void) {
  const commands = useCommands();
  return {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.setData(DRAGGED_TYPE, type);
      event.dataTransfer.effectAllowed = "copy";
    },
    onClick: () => {
      onChosen?.();
      commands.addAtSelection(type);
    },
  };
}

function Entry({ type, onChosen }: { type: NodeType; onChosen?: () => void }) {
  const entry = useEntry(type, onChosen);
  const { name, does } = canvasTexts.types[type];
  return (
    <button
      type="button"
      {...entry}
      title={words.add(name)}
      className="flex w-full items-start gap-2.5 rounded-md p-2 text-left transition-colors focus-inset hover:bg-hover active:bg-active"
    >
      <span className="mt-px inline-flex size-7 shrink-0 items-center justify-center rounded-md bg-active text-ink-2">
        <NodeIcon type={type} />
      </span>
      <span className="min-w-0">
        <span className="block text-xs font-medium">{name}</span>
        <span className="block text-2xs leading-[14px] text-ink-3">{does}</span>
      </span>
    </button>
  );
}

function IconEntry({ type }: { type: NodeType }) {
  const entry = useEntry(type);
  const { name, does } = canvasTexts.types[type];
  return (
    <Button variant="ghost" size="icon" aria-label={words.add(name)} title={`${name}: ${does}`} {...entry}>
      <NodeIcon type={type} />
    </Button>
  );
}

function PaletteSheet() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="absolute right-3 bottom-8 z-10">
        <Button
          variant="solid"
          size="icon"
          aria-label={words.show}
          onClick={() => setOpen(true)}
          className="size-11 shadow-float"
        >
          <Plus aria-hidden size={18} />
        </Button>
      </div>
      <Dialog open={isOpen} onOpenChange={setOpen} title={words.title}>
        <div className="mt-2 overflow-y-auto px-2 pb-4">
          <Entries onChosen={() => setOpen(false)} />
        </div>
      </Dialog>
    </>
  );
}
