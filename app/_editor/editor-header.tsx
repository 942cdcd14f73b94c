"use client";
/** The bar on top of the editor: what is edited, how it is saved, and what can be done with it. */
import {
  Download,
  Ellipsis,
  FileInput,
  History,
  Play,
  Redo2,
  SlidersHorizontal,
  SquarePlay,
  Trash2,
  Undo2,
} from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { editorTexts as words } from "@/lib/client/texts/editor";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { Menu } from "../_ui/menu";
import { exportFile, ImportDialog } from "./code/import-export";
import { DiscardDialog } from "./discard-dialog";
import { FindingsButton } from "./findings/findings-button";
import { ConflictDialog } from "./publish/conflict-dialog";
import { SavingMark } from "./saving-mark";
import { useEditor, useEditorStore } from "./use-editor";
import { showInFrame } from "./use-frame";

const PublishDialog = dynamic(() => import("./publish/publish-dialog").then((module) => module.PublishDialog), {
  ssr: false,
});
const StartFromEditor = dynamic(() => import("./start/start-from-editor").then((module) => module.StartFromEditor), {
  ssr: false,
});

type Opened = "publish" | "start" | "import" | "discard";

export function EditorHeader({
  onSettings,
}: {
  /** Null: they stand beside the workflow. */ onSettings: (() => void) | null;
}) {
  const store = useEditorStore();
  const router = useRouter();
  const [dialog, setDialog] = useState<Opened | null>(null);
  const workflow = useEditor(({ session }) => session.present.definition.name);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const canUndo = useEditor(({ session }) => session.past.length > 0);
  const canRedo = useEditor(({ session }) => session.future.length > 0);
  const isKept = useEditor(({ saving }) => saving.revision > 0);
  const isPublished = useEditor(({ saving }) => saving.baseVersion !== null);
  const mayStart = useMay("execute");
  const close = () => setDialog(null);
  const menu = [
    [
      {
        name: words.versions,
        icon: History,
        disabled: !isPublished,
        onSelect: () => router.push(`/workflows/${encodeURIComponent(workflow)}`),
      },
      ...(mayStart
        ? [{ name: words.start, icon: SquarePlay, disabled: !isPublished, onSelect: () => setDialog("start") }]
        : []),
    ],
    [
      ...(isReadOnly ? [] : [{ name: words.importFile, icon: FileInput, onSelect: () => setDialog("import") }]),
      { name: words.exportJson, icon: Download, onSelect: () => exportFile(store.present, false) },
      { name: words.exportWithLayout, icon: Download, onSelect: () => exportFile(store.present, true) },
    ],
    isReadOnly
      ? []
      : [{ name: words.discard, icon: Trash2, danger: true, disabled: !isKept, onSelect: () => setDialog("discard") }],
  ];
  return (
    <RoomHeader title={workflow} trail={[{ href: "/workflows", name: words.room }]}>
      <SavingMark />
      {!isReadOnly && (
        <span className="hidden items-center sm:flex">
          <Button variant="ghost" size="sm" aria-label={words.undo} disabled={!canUndo} onClick={() => store.undo()}>
            <Undo2 aria-hidden size={15} />
          </Button>
          <Button variant="ghost" size="sm" aria-label={words.redo} disabled={!canRedo} onClick={() => store.redo()}>
            <Redo2 aria-hidden size={15} />
          </Button>
        </span>
      )}
      {onSettings !== null && (
        <Button variant="ghost" size="sm" aria-label={words.openInspector} onClick={onSettings}>
          <SlidersHorizontal aria-hidden size={15} />
        </Button>
      )}
      <FindingsButton />
      <Button size="sm" onClick={() => showInFrame({ docked: "trial" })}>
        <Play aria-hidden size={13} />
        {words.try}
      </Button>
      {!isReadOnly && (
        <Button variant="solid" size="sm" onClick={() => setDialog("publish")}>
          {words.publish}
        </Button>
      )}
      <Menu
        trigger={
          <Button variant="ghost" size="sm" aria-label={words.more}>
            <Ellipsis aria-hidden size={15} />
          </Button>
        }
        groups={menu}
      />
      {dialog === "publish" && <PublishDialog onClose={close} />}
      {dialog === "start" && <StartFromEditor onClose={close} />}
      <ConflictDialog />
      {dialog === "import" && <ImportDialog onClose={close} />}
      {dialog === "discard" && <DiscardDialog onClose={close} />}
    </RoomHeader>
  );
}
