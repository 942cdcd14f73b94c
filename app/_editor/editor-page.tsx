"use client";
/** The editor's page: one workflow's draft as a canvas, a list or text, its settings beside it, and below it what is said of it and tried with it. */
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { draftQuery } from "@/lib/client/drafts";
import { useMay } from "@/lib/client/permissions";
import { editorTexts as words } from "@/lib/client/texts/editor";
import { blankDocument } from "@/lib/editor/blank";
import { ViewSkeleton } from "../_execution/skeletons";
import { useKeys } from "../_shell/keys";
import { RoomHeader } from "../_shell/room-header";
import { Dialog } from "../_ui/dialog";
import { Failure } from "../_ui/failure";
import { useMedia } from "../_ui/media";
import { Tabs } from "../_ui/tabs";
import { focusNode } from "./canvas/focus";
import { Dock } from "./dock";
import { documentOf, type OpenedDraft } from "./draft-keeper";
import { EditorHeader } from "./editor-header";
import { useAnyWantedField } from "./inspector/focus-field";
import { EditorInspector } from "./inspector/inspector";
import { EditorContext, useEditor, useEditorStore } from "./use-editor";
import { EDITOR_VIEWS, type EditorView, showInFrame, useFrame } from "./use-frame";
import { useOpenedEditor } from "./use-opened-editor";
import { useSelectedNode } from "./use-selected-node";
import { useTemplate } from "./use-template";

const VIEW_PARTS = {
  canvas: dynamic(() => import("./canvas/canvas").then((module) => module.EditorCanvas), {
    ssr: false,
    loading: () => <ViewSkeleton />,
  }),
  list: dynamic(() => import("./list/list-view").then((module) => module.EditorList), {
    ssr: false,
    loading: () => <ViewSkeleton />,
  }),
  json: dynamic(() => import("./code/json-view").then((module) => module.EditorJsonView), {
    ssr: false,
    loading: () => <ViewSkeleton />,
  }),
  typescript: dynamic(() => import("./code/typescript-view").then((module) => module.TypeScriptView), {
    ssr: false,
    loading: () => <ViewSkeleton />,
  }),
};

const BESIDE = "(min-width: 1100px)";
const FIRST_FIELD = "input:not([type=hidden]), textarea, select, [role=textbox], button";

export function EditorPage({ workflow }: { workflow: string }) {
  const mayEdit = useMay("publish");
  const draft = useQuery(draftQuery(workflow));
  const isMissing = draft.error instanceof ApiError && draft.error.code === "WORKFLOW_NOT_FOUND";
  // What was opened once is gone on with: what the server has later is merged into it.
  const [opened, setOpened] = useState<OpenedDraft | null>(null);
  if (opened === null && draft.data) setOpened(openedFrom(draft.data));
  else if (opened === null && isMissing && mayEdit) setOpened(newDraft(workflow));
  if (opened !== null) return <OpenedEditor workflow={workflow} opened={opened} isReadOnly={!mayEdit} />;
  return (
    <>
      <RoomHeader title={workflow} trail={[{ href: "/workflows", name: words.room }]} />
      {draft.error ? (
        <Failure
          error={draft.error}
          {...(isMissing ? { title: words.notFound } : { onRetry: () => draft.refetch() })}
        />
      ) : (
        <ViewSkeleton />
      )}
    </>
  );
}

function openedFrom({
  revision,
  baseVersion,
  updatedAt,
  updatedBy,
  ...draft
}: Parameters<typeof documentOf>[0] & Omit<OpenedDraft, "document">): OpenedDraft {
  return { document: documentOf(draft), revision, baseVersion, updatedAt, updatedBy };
}

function newDraft(workflow: string): OpenedDraft {
  return { document: blankDocument(workflow), revision: 0, baseVersion: null, updatedAt: null, updatedBy: null };
}

function OpenedEditor({
  workflow,
  opened,
  isReadOnly,
}: {
  workflow: string;
  opened: OpenedDraft;
  isReadOnly: boolean;
}) {
  const store = useOpenedEditor(workflow, opened, isReadOnly);
  return (
    <EditorContext value={store}>
      <EditorFrame />
    </EditorContext>
  );
}

function EditorFrame() {
  const store = useEditorStore();
  const { view, docked } = useFrame();
  const beside = useMedia(BESIDE);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const aside = useRef<HTMLElement>(null);
  const isFieldWanted = useAnyWantedField() !== null;
  const settingsAsked = useEditor((state) => state.settingsAsked);
  useEffect(() => {
    if ((isFieldWanted || settingsAsked > 0) && !beside) setSheetOpen(true);
  }, [isFieldWanted, settingsAsked, beside]);
  useEffect(() => {
    if (settingsAsked > 0) aside.current?.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
  }, [settingsAsked]);
  useFrameKeys();
  useTemplate();
  useSelectedNode();
  return (
    <>
      <EditorHeader onSettings={beside ? null : () => setSheetOpen(true)} />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <Tabs label={words.viewsLabel} open={view} onOpen={(next) => showInFrame({ view: next })} tabs={TABS} />
          {docked !== null && <Dock open={docked} />}
        </div>
        {beside && (
          <aside
            ref={aside}
            aria-label={words.inspector}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || event.defaultPrevented) return;
              event.preventDefault();
              const node = store.state().selection.nodes.at(-1);
              if (node !== undefined) focusNode(node);
            }}
            className="flex w-[360px] shrink-0 flex-col border-l"
          >
            <EditorInspector />
          </aside>
        )}
      </div>
      {!beside && (
        <Dialog open={isSheetOpen} onOpenChange={setSheetOpen} title={words.inspector} wide>
          <div className="flex min-h-0 flex-col overflow-y-auto">
            <EditorInspector />
          </div>
        </Dialog>
      )}
    </>
  );
}

const TABS = EDITOR_VIEWS.map((name) => ({ name, title: words.views[name], content: <View name={name} /> }));

function View({ name }: { name: EditorView }) {
  const Part = VIEW_PARTS[name];
  return <Part />;
}

function useFrameKeys(): void {
  const store = useEditorStore();
  useKeys(words.keys, [
    { keys: "mod+z", name: words.undo, run: () => store.undo() },
    { keys: "mod+Z", name: words.redo, run: () => store.redo() },
    { keys: "mod+y", name: words.redo, run: () => store.redo() },
    { keys: "mod+s", name: words.save, run: () => void store.draft.flush() },
    { keys: "mod+Enter", name: words.tryIt, run: () => showInFrame({ docked: "trial" }) },
    ...EDITOR_VIEWS.map((name, index) => ({
      keys: String(index + 1),
      name: words.views[name],
      run: () => showInFrame({ view: name }),
    })),
  ]);
}
