"use client";
/** The menu of what is under the pointer, or of what is selected when the menu key is pressed. */
import {
  BoxSelect,
  ClipboardCopy,
  Copy,
  CornerDownRight,
  Group,
  Maximize2,
  MessageSquarePlus,
  MoveRight,
  PencilLine,
  Plus,
  Repeat,
  Settings2,
  Sparkle,
  Trash2,
  Unlink,
} from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Fragment } from "react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import { nodeOf } from "@/lib/editor/document";
import { classNames } from "../../_ui/class-names";
import { Kbd } from "../../_ui/kbd";
import { type MenuAction, menuClass, menuItemClass } from "../../_ui/menu-parts";
import { toast } from "../../_ui/toast";
import type { EditorStore } from "../store";
import { useEditorStore } from "../use-editor";
import type { Commands } from "./commands";
import { type MenuTarget, type UiStore, useUi, useUiStore } from "./ui";
import { useCommands } from "./use-commands";

const words = canvasTexts.menu;

export function ContextMenu() {
  const menu = useUi((state) => state.menu);
  const ui = useUiStore();
  const editor = useEditorStore();
  const commands = useCommands();
  if (menu === null) return null;
  const groups = groupsOf(menu.target, editor, ui, commands).filter((group) => group.length > 0);
  return (
    <DropdownMenu.Root open onOpenChange={(open) => !open && ui.set({ menu: null })}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="pointer-events-none fixed" style={{ left: menu.at.x, top: menu.at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={2}
          collisionPadding={8}
          aria-label={canvasTexts.key.menu}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (ui.state().ask === null && ui.state().renaming === null && ui.state().writing === null)
              commands.focusChosen();
          }}
          className={menuClass}
        >
          {groups.map((group, index) => (
            <Fragment key={group[0]?.name}>
              {index > 0 && <DropdownMenu.Separator className="my-1 h-px bg-line" />}
              {group.map((action) => (
                <Action key={action.name} {...action} />
              ))}
            </Fragment>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Action({ name, icon: Icon, onSelect, danger, disabled, shortcut }: MenuAction) {
  return (
    <DropdownMenu.Item
      disabled={disabled}
      onSelect={onSelect}
      className={classNames(menuItemClass, danger && "text-danger")}
    >
      {Icon && <Icon aria-hidden size={15} className={danger ? "text-danger" : "text-ink-3"} />}
      <span className="flex-1">{name}</span>
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </DropdownMenu.Item>
  );
}

/** Also what the list offers for a row. */
export function groupsOf(target: MenuTarget, editor: EditorStore, ui: UiStore, commands: Commands): MenuAction[][] {
  const { isReadOnly } = editor.state();
  switch (target.kind) {
    case "nodes":
      return nodeGroups(editor, ui, commands, isReadOnly);
    case "edge":
      return isReadOnly ? [] : edgeGroups(target, editor, commands);
    case "comment":
      return isReadOnly ? [] : commentGroups(target.id, ui, commands);
    case "pane":
      return paneGroups(commands, isReadOnly);
  }
}

function nodeGroups(editor: EditorStore, ui: UiStore, commands: Commands, isReadOnly: boolean): MenuAction[][] {
  const { nodes } = commands.selection;
  const { definition, layout } = editor.present;
  const alone = nodes.length === 1 ? nodeOf(definition, nodes[0] ?? "")?.node : undefined;
  const map = alone?.type === "map" ? alone : undefined;
  const isGraph = map !== undefined && "nodes" in map.body;
  const isFolded = map !== undefined && layout.folded?.includes(map.id) === true;
  const isPlaced = nodes.some((id) => layout.places?.[id] !== undefined);
  const looking: MenuAction[] = [
    { name: words.open, icon: Settings2, shortcut: "Enter", onSelect: later(() => editor.openSettings()) },
    ...(isGraph ? [{ name: words.enter, icon: Maximize2, onSelect: () => map && ui.set({ view: map.id }) }] : []),
    { name: words.copy, icon: ClipboardCopy, shortcut: "Ctrl C", onSelect: () => void copyText(commands) },
  ];
  if (isReadOnly) return [looking];
  return [
    [
      { name: words.addAfter, icon: Plus, shortcut: "Tab", onSelect: later(() => commands.askToAdd()) },
      { name: words.connect, icon: CornerDownRight, shortcut: "C", onSelect: later(() => commands.askToConnect()) },
      { name: words.moveEdge, icon: MoveRight, onSelect: later(() => commands.askToMoveEdge()) },
    ],
    looking,
    [
      {
        name: words.rename,
        icon: PencilLine,
        shortcut: "F2",
        disabled: !alone,
        onSelect: later(() => commands.rename()),
      },
      { name: words.duplicate, icon: Copy, shortcut: "Ctrl D", onSelect: () => commands.duplicate() },
      ...(map && isGraph
        ? [{ name: isFolded ? words.unfold : words.fold, icon: Group, onSelect: () => commands.toggleFold(map.id) }]
        : []),
      ...(map && !isGraph ? [{ name: words.makeGraph, icon: Group, onSelect: () => commands.makeGraph(map.id) }] : []),
      { name: words.tidy, icon: Sparkle, disabled: !isPlaced, onSelect: () => commands.tidy(nodes) },
    ],
    [
      { name: words.remove, icon: Trash2, danger: true, shortcut: "Del", onSelect: () => commands.remove() },
      { name: words.removePlain, icon: Unlink, danger: true, onSelect: () => commands.remove(false) },
    ],
  ];
}

function edgeGroups(
  { scope, edge }: Extract<MenuTarget, { kind: "edge" }>,
  editor: EditorStore,
  commands: Commands,
): MenuAction[][] {
  const isLoop = commands.isLoop(scope, edge);
  return [
    [
      {
        name: words.insert,
        icon: Plus,
        shortcut: "Tab",
        onSelect: later(() => commands.askToAdd({ kind: "edge", scope, edge })),
      },
      {
        name: isLoop ? words.makePlain : words.makeLoop,
        icon: Repeat,
        onSelect: () => commands.setLoop(scope, edge, !isLoop),
      },
      { name: words.open, icon: Settings2, onSelect: later(() => editor.openSettings()) },
    ],
    [{ name: words.remove, icon: Trash2, danger: true, shortcut: "Del", onSelect: () => commands.remove() }],
  ];
}

function commentGroups(id: string, ui: UiStore, commands: Commands): MenuAction[][] {
  return [
    [{ name: words.editComment, icon: PencilLine, onSelect: later(() => ui.set({ writing: id })) }],
    [{ name: words.remove, icon: Trash2, danger: true, shortcut: "Del", onSelect: () => commands.remove() }],
  ];
}

function paneGroups(commands: Commands, isReadOnly: boolean): MenuAction[][] {
  const all = { name: words.selectAll, icon: BoxSelect, shortcut: "Ctrl A", onSelect: () => commands.selectAll() };
  if (isReadOnly) return [[all]];
  return [
    [
      { name: words.addHere, icon: Plus, shortcut: "N", onSelect: later(() => commands.askToAdd()) },
      { name: words.comment, icon: MessageSquarePlus, onSelect: later(() => commands.addComment()) },
    ],
    [all, { name: words.tidyAll, icon: Sparkle, onSelect: () => commands.tidy() }],
  ];
}

/** After the menu has gone, and with it its hold on the focus. */
function later(act: () => void): () => void {
  return () => requestAnimationFrame(() => requestAnimationFrame(act));
}

async function copyText(commands: Commands): Promise<void> {
  const text = commands.copied();
  if (text === null) return;
  await navigator.clipboard.writeText(text);
  toast.told(canvasTexts.copied(commands.selection.nodes.length));
}
