"use client";
/** The workflow as a graph that is edited: by pointer, by touch, or by keyboard alone. */
import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { useEffect, useMemo, useRef, useState } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { drawingOf } from "@/lib/editor/canvas/drawing";
import { shapeOf } from "@/lib/editor/canvas/layout";
import { graphAt, type Scope } from "@/lib/editor/document";
import { ViewSkeleton } from "../../_execution/skeletons";
import { useTrialOverlay } from "../trial/overlay";
import { useEditor, useEditorStore } from "../use-editor";
import { type Camera, Commands } from "./commands";
import { ContextMenu } from "./context-menu";
import type { CanvasEdge, CanvasNode, Drawn } from "./elements";
import { EmptyCanvas } from "./empty-canvas";
import { useFindCounts } from "./find-counts";
import { FindPanel } from "./find-panel";
import { Flow } from "./flow";
import { LayoutDesk } from "./layout-desk";
import { Palette } from "./palette";
import { AskLayer } from "./quick-add";
import { UiContext, UiStore, useUi, useUiStore } from "./ui";
import { CommandsContext, useCommandKeys } from "./use-commands";
import { type Places, useLaid } from "./use-laid";

export function EditorCanvas() {
  const [ui] = useState(() => new UiStore());
  return (
    <UiContext value={ui}>
      <ReactFlowProvider>
        <Shown />
      </ReactFlowProvider>
    </UiContext>
  );
}

function Shown() {
  const view = useShownGraph();
  const [places, setPlaces] = useState<Places | null>(null);
  const [desk] = useState(() => new LayoutDesk());
  useEffect(() => () => desk.close(), [desk]);
  const commands = useCanvasCommands(places);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  useCommandKeys(words.keys, commands);
  return (
    <CommandsContext value={commands}>
      <div className="relative flex min-h-0 flex-1">
        {!isReadOnly && <Palette />}
        <div className="relative flex min-h-0 min-w-0 flex-1">
          <Graph key={view ?? ""} view={view} desk={desk} commands={commands} onPlaces={setPlaces} />
          <FindPanel />
        </div>
      </div>
      <AskLayer />
      <ContextMenu />
    </CommandsContext>
  );
}

/** The workflow's own where the one that was shown is gone. */
function useShownGraph(): Scope {
  const ui = useUiStore();
  const view = useUi((state) => state.view);
  const isThere = useEditor(({ session }) => graphAt(session.present.definition, view) !== null);
  useEffect(() => {
    if (!isThere) ui.set({ view: null });
  }, [isThere, ui]);
  return isThere ? view : null;
}

function Graph({
  view,
  desk,
  commands,
  onPlaces,
}: {
  view: Scope;
  desk: LayoutDesk;
  commands: Commands;
  onPlaces: (places: Places) => void;
}) {
  const document = useEditor(({ session }) => session.present);
  const drawing = useMemo(() => drawingOf(document, view), [document, view]);
  const shape = useMemo(() => shapeOf(drawing, document.layout.places, view), [drawing, document.layout.places, view]);
  const places = useLaid(shape, desk);
  const selection = useEditor((state) => state.selection);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const findings = useFindCounts();
  const overlay = useTrialOverlay();
  const { comments = NONE } = document.layout;
  const drawn = useMemo<Drawn | null>(
    () => places && { drawing, places, comments, view, selection, findings, overlay, isReadOnly },
    [drawing, places, comments, view, selection, findings, overlay, isReadOnly],
  );
  useEffect(() => {
    if (places) onPlaces(places);
  }, [places, onPlaces]);
  if (!places || !drawn) return <ViewSkeleton />;
  return (
    <>
      <Flow view={view} places={places} drawn={drawn} commands={commands} />
      {drawing.nodes.length === 0 && (
        <div className="pointer-events-none absolute inset-0 flex items-center overflow-y-auto [&_button]:pointer-events-auto">
          <EmptyCanvas />
        </div>
      )}
    </>
  );
}

const NONE: Drawn["comments"] = [];

function useCanvasCommands(places: Places | null): Commands {
  const editor = useEditorStore();
  const ui = useUiStore();
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const latest = useRef(places);
  useEffect(() => {
    latest.current = places;
  });
  return useMemo(() => {
    const middle = () => {
      const box = window.document.querySelector("[data-editor-graph]")?.getBoundingClientRect();
      return box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 };
    };
    const camera: Camera = {
      boxes: (ids) =>
        ids.flatMap((id) => {
          const laid = latest.current?.get(id);
          return laid ? [{ ...laid, x: laid.x - laid.origin.x, y: laid.y - laid.origin.y }] : [];
        }),
      centre: () => flow.screenToFlowPosition(middle()),
      screen: (id) => {
        const node = id === null ? undefined : flow.getInternalNode(id);
        if (!node) return middle();
        const { x, y } = node.internals.positionAbsolute;
        return flow.flowToScreenPosition({ x: x + (node.width ?? 0), y: y + 8 });
      },
    };
    return new Commands(editor, ui, camera);
  }, [editor, ui, flow]);
}
