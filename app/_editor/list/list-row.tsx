"use client";
/** One node as a row: what it is, what it does, what comes before it, and what can be done with it. */
import { ChevronDown, ChevronRight, CircleAlert, MoreHorizontal, Plus, TriangleAlert } from "lucide-react";
import { type MouseEvent, memo } from "react";
import { texts } from "@/lib/client/texts";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import type { StepStatus } from "@/lib/contract/executions";
import type { OutlineRow } from "@/lib/editor/canvas/order";
import { joinOf, summaryOf } from "@/lib/editor/canvas/summary";
import { NodeIcon } from "../../_execution/node-icon";
import { classNames } from "../../_ui/class-names";
import { StatusIcon } from "../../_ui/status";
import type { Finds } from "../canvas/find-counts";
import { RenameField } from "../canvas/node-head";
import { useUi, useUiStore } from "../canvas/ui";
import { useCommands } from "../canvas/use-commands";
import { onlyNodes } from "../selection";
import { useEditor, useEditorStore } from "../use-editor";

const words = canvasTexts.list;
export const ROW_HEIGHT = 44;
const INDENT = 22;

interface RowProps {
  readonly row: OutlineRow;
  readonly top: number;
  readonly isSelected: boolean;
  /** It is where Tab leads. */
  readonly isActive: boolean;
  readonly finds: Finds | undefined;
  readonly status: StepStatus | null;
}

export const ListRow = memo(function ListRow({ row, top, isSelected, isActive, finds, status }: RowProps) {
  const editor = useEditorStore();
  const ui = useUiStore();
  const { id, node, level, position, of, isFolded } = row;
  const isRenamed = useUi(({ renaming }) => renaming === id);
  const summary = summaryOf(node) || canvasTexts.types[node.type].name;
  const choose = (event: MouseEvent) => {
    const { nodes } = editor.state().selection;
    const isMore = event.shiftKey || event.ctrlKey || event.metaKey;
    const others = nodes.filter((each) => each !== id);
    editor.select(isMore ? onlyNodes(...others, ...(nodes.includes(id) ? [] : [id])) : onlyNodes(id));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      role="treeitem"
      data-id={id}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={of}
      aria-selected={isSelected}
      aria-expanded={isFolded === null ? undefined : !isFolded}
      aria-label={[
        id,
        canvasTexts.types[node.type].name,
        afterText(row),
        findsText(finds),
        status && texts.status[status],
      ]
        .filter(Boolean)
        .join(", ")}
      tabIndex={isActive ? 0 : -1}
      onClick={choose}
      onDoubleClick={() => !editor.state().isReadOnly && ui.set({ renaming: id })}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenu(event);
      }}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)`, paddingLeft: 12 + (level - 1) * INDENT }}
      className={classNames(
        "group absolute inset-x-0 top-0 flex items-center gap-2.5 border-b pr-3 focus-inset",
        isSelected ? "bg-accent-tint" : "hover:bg-hover",
      )}
    >
      <Fold row={row} />
      <span className="inline-flex size-7 shrink-0 items-center justify-center rounded-md bg-active text-ink-2">
        <NodeIcon type={node.type} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col md:flex-row md:items-center md:gap-4">
        <span className="flex min-w-0 items-center gap-2 md:w-2/5">
          {isRenamed ? (
            <RenameField id={id} />
          ) : (
            <span className="max-w-[75%] shrink-0 truncate text-xs font-medium">{id}</span>
          )}
          <span className="min-w-0 truncate text-2xs text-ink-3">{summary}</span>
        </span>
        <span className="min-w-0 flex-1 truncate text-2xs text-ink-3">
          {afterText(row)}
          <JoinText row={row} />
        </span>
      </span>
      {status !== null && (
        <span data-status={status} className="inline-flex shrink-0 items-center gap-1 text-2xs text-tone">
          <StatusIcon status={status} size={12} />
          {texts.status[status]}
        </span>
      )}
      <FindsMark finds={finds} />
      <Actions id={id} />
    </div>
  );

  function openMenu(event: MouseEvent) {
    if (!editor.state().selection.nodes.includes(id)) editor.select(onlyNodes(id));
    const isByKey = event.clientX === 0 && event.clientY === 0;
    const box = event.currentTarget.getBoundingClientRect();
    const at = isByKey ? { x: box.left + 60, y: box.bottom } : { x: event.clientX, y: event.clientY };
    ui.set({ menu: { at, target: { kind: "nodes" } } });
  }
});

function Fold({ row: { id, isFolded } }: { row: OutlineRow }) {
  const commands = useCommands();
  if (isFolded === null) return <span aria-hidden className="w-5 shrink-0" />;
  const Icon = isFolded ? ChevronRight : ChevronDown;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={isFolded ? words.unfold(id) : words.fold(id)}
      onClick={(event) => {
        event.stopPropagation();
        commands.toggleFold(id);
      }}
      className="inline-flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
    >
      <Icon aria-hidden size={13} />
    </button>
  );
}

function Actions({ id }: { id: string }) {
  const commands = useCommands();
  const editor = useEditorStore();
  const ui = useUiStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const button =
    "inline-flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-active hover:text-ink md:opacity-0 md:group-focus-within:opacity-100 md:group-hover:opacity-100";
  const choose = () => editor.select(onlyNodes(id));
  return (
    <span className="flex shrink-0">
      {!isReadOnly && (
        <button
          type="button"
          tabIndex={-1}
          aria-label={words.addAfter(id)}
          title={words.addAfter(id)}
          onClick={(event) => {
            event.stopPropagation();
            choose();
            commands.askToAdd();
          }}
          className={button}
        >
          <Plus aria-hidden size={14} />
        </button>
      )}
      <button
        type="button"
        tabIndex={-1}
        aria-label={words.actions(id)}
        title={words.actions(id)}
        onClick={(event) => {
          event.stopPropagation();
          choose();
          const box = event.currentTarget.getBoundingClientRect();
          ui.set({ menu: { at: { x: box.left, y: box.bottom }, target: { kind: "nodes" } } });
        }}
        className={button}
      >
        <MoreHorizontal aria-hidden size={14} />
      </button>
    </span>
  );
}

function afterText({ after }: OutlineRow): string {
  const forward = after
    .filter(({ isLoop }) => !isLoop)
    .map((edge) => words.source(edge.from, edge.isUsual ? null : edge.port));
  const loops = after.filter(({ isLoop }) => isLoop).map(({ from }) => words.loopFrom(from));
  return [forward.length === 0 ? words.begins : words.after(forward), ...loops].join("; ");
}

function JoinText({ row: { node, after } }: { row: OutlineRow }) {
  const join = joinOf(node);
  if (join === null) return null;
  const of = after.filter(({ isLoop }) => !isLoop).length;
  return (
    <span className="ml-2 rounded-sm border px-1 text-[10px] text-ink-2">
      {join.needed === "any" ? canvasTexts.join.any : canvasTexts.join.some(join.needed, of)}
    </span>
  );
}

const findsText = (finds: Finds | undefined) => (finds ? canvasTexts.findings(finds.errors, finds.warnings) : null);

function FindsMark({ finds }: { finds: Finds | undefined }) {
  if (finds === undefined) return null;
  const isError = finds.errors > 0;
  const Icon = isError ? CircleAlert : TriangleAlert;
  return (
    <span
      className={classNames(
        "inline-flex shrink-0 items-center gap-1 text-2xs",
        isError ? "text-danger" : "text-warning",
      )}
    >
      <Icon aria-hidden size={12} />
      {findsText(finds)}
    </span>
  );
}
