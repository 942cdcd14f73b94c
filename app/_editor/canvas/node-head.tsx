"use client";
/** The head of a node: icon, id (typed anew in its place), one line of what it does, and marks of retries, time limits and the like. */
import {
  ChevronDown,
  ChevronRight,
  CircleAlert,
  Maximize2,
  RefreshCw,
  RotateCcw,
  Timer,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { texts } from "@/lib/client/texts";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import type { DrawnNode } from "@/lib/editor/canvas/drawing";
import { HEAD_HEIGHT } from "@/lib/editor/canvas/ports";
import { joinOf, type MarkKind, marksOf, summaryOf } from "@/lib/editor/canvas/summary";
import { bodyOf } from "@/lib/editor/document";
import { NodeIcon } from "../../_execution/node-icon";
import { classNames } from "../../_ui/class-names";
import { StatusIcon } from "../../_ui/status";
import { useEditorStore } from "../use-editor";
import type { StepData } from "./elements";
import { focusNode } from "./focus";
import { useUi, useUiStore } from "./ui";

const MARK_ICONS = { retry: RotateCcw, timeout: Timer, poll: RefreshCw, compensate: Undo2 };

export function NodeHead({ id, data }: { id: string; data: StepData }) {
  const { node, body } = data.drawn;
  const isRenamed = useUi(({ renaming }) => renaming === id);
  const graph = bodyOf(node);
  const summary = summaryOf(node) || words.types[node.type].name;
  return (
    <div className="flex items-center gap-2.5 px-3" style={{ height: HEAD_HEIGHT - 2 }}>
      <span className="inline-flex size-8 shrink-0 items-center justify-center rounded-md bg-active text-ink-2">
        <NodeIcon type={node.type} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        {isRenamed ? (
          <RenameField id={id} />
        ) : (
          <span className="flex h-[18px] items-center gap-1.5">
            <span title={id} className="truncate text-xs font-medium text-ink">
              {id}
            </span>
            {data.status !== null && (
              <span title={texts.status[data.status]} className="ml-auto inline-flex shrink-0">
                <StatusIcon status={data.status} size={13} />
              </span>
            )}
          </span>
        )}
        <span className="flex h-4 items-center gap-1.5 text-2xs text-ink-3">
          <span title={summary} className="min-w-0 truncate">
            {summary}
          </span>
          <Marks node={node} />
          {graph && body === "folded" && (
            <span className="ml-auto shrink-0 tabular">{words.body(graph.nodes.length)}</span>
          )}
        </span>
      </span>
      {graph && <MapButtons id={id} isFolded={body === "folded"} />}
    </div>
  );
}

function Marks({ node }: { node: DrawnNode["node"] }) {
  const marks = marksOf(node);
  if (marks.length === 0) return null;
  return (
    <span className="ml-auto inline-flex shrink-0 items-center gap-1.5">
      {marks.map(({ kind, value }) => (
        <Mark key={kind} kind={kind} value={value} />
      ))}
    </span>
  );
}

function Mark({ kind, value }: { kind: MarkKind; value: string }) {
  const Icon = MARK_ICONS[kind];
  const isShort = kind !== "compensate" && value.length <= 4;
  return (
    <span title={words.marks[kind](value)} className="inline-flex items-center gap-0.5 text-[10px] tabular">
      <Icon aria-hidden size={10} strokeWidth={2} />
      {isShort && value}
    </span>
  );
}

function MapButtons({ id, isFolded }: { id: string; isFolded: boolean }) {
  const editor = useEditorStore();
  const ui = useUiStore();
  const Icon = isFolded ? ChevronRight : ChevronDown;
  const buttons = [
    { name: words.enterMap(id), icon: Maximize2, act: () => ui.set({ view: id }) },
    {
      name: isFolded ? words.unfoldMap(id) : words.foldMap(id),
      icon: Icon,
      act: () => editor.apply({ type: "fold", node: id, folded: !isFolded }),
    },
  ];
  return (
    <span className="-mr-1.5 flex shrink-0">
      {buttons.map(({ name, icon: ButtonIcon, act }) => (
        <button
          key={name}
          type="button"
          tabIndex={-1}
          aria-label={name}
          title={name}
          onClick={(event) => {
            event.stopPropagation();
            act();
          }}
          className="nodrag nopan inline-flex size-6 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
        >
          <ButtonIcon aria-hidden size={13} />
        </button>
      ))}
    </span>
  );
}

/** Enter and leaving the field keep what was typed, Escape does not. */
export function RenameField({ id }: { id: string }) {
  const editor = useEditorStore();
  const ui = useUiStore();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const end = (to: string | null) => {
    if (ui.state().renaming !== id) return;
    const name = to?.trim() ?? id;
    if (name !== id && editor.apply({ type: "rename-node", node: id, to: name }) === null) return;
    ui.set({ renaming: null });
    focusNode(name);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key === "Enter") end(event.currentTarget.value);
    if (event.key === "Escape") end(null);
  };
  return (
    <input
      ref={field}
      // biome-ignore lint/a11y/noAutofocus: one asked to type here
      autoFocus
      aria-label={words.rename.label(id)}
      defaultValue={id}
      spellCheck={false}
      onKeyDown={onKeyDown}
      onBlur={(event) => end(event.currentTarget.value)}
      className="nodrag nopan -mx-1 h-[18px] rounded-sm bg-sunken px-1 text-xs font-medium outline-1 outline-accent"
    />
  );
}

/** Of what the findings say of a node, how much; at its corner, so that it is seen from afar. */
export function FindingsMark({ errors, warnings }: { errors: number; warnings: number }) {
  if (errors + warnings === 0) return null;
  const Icon = errors > 0 ? CircleAlert : TriangleAlert;
  return (
    <span
      title={words.findings(errors, warnings)}
      className={classNames(
        "absolute -top-2 right-2 inline-flex h-4 items-center gap-0.5 rounded-sm border bg-raised px-1 text-[10px] font-medium tabular",
        errors > 0 ? "border-danger text-danger" : "border-warning text-warning",
      )}
    >
      <Icon aria-hidden size={10} strokeWidth={2.25} />
      {errors > 0 ? errors : warnings}
    </span>
  );
}

/** A join that does not wait for all of its edges says for how many. */
export function JoinPill({ drawn: { node, edgesIn } }: { drawn: DrawnNode }) {
  const join = joinOf(node);
  if (join === null) return null;
  const { needed, keepsLosers } = join;
  const title = needed === "any" ? words.join.anyTitle : words.join.someTitle(needed);
  return (
    <span
      title={keepsLosers ? title + words.join.keeps : title}
      className="absolute top-1 left-0 -translate-x-1/2 rounded-sm border border-line-strong bg-raised px-1 text-[10px] leading-[14px] font-medium text-ink-2 tabular"
    >
      {needed === "any" ? words.join.any : words.join.some(needed, edgesIn)}
      {keepsLosers && "+"}
    </span>
  );
}
