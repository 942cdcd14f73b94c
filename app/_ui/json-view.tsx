"use client";
/**
 * A JSON value one can read, of any size: folded where it is large, only the lines in view in the document; search, copy of all,
 * of one value or of its path, download. Arrows walk and fold the lines.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  ChevronDown,
  ChevronRight,
  ChevronsDownUp,
  ChevronsUpDown,
  ChevronUp,
  Copy,
  Download,
  Link2,
  Search,
} from "lucide-react";
import { type KeyboardEvent, memo, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { bytes } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { jsonTexts as words } from "@/lib/client/texts/json";
import type { JsonValue } from "@/lib/contract/json";
import { classNames } from "./class-names";
import { CopyButton } from "./copy-button";
import {
  around,
  type Folds,
  findInJson,
  foldAll,
  type JsonLine,
  jsonLines,
  MATCHES_MAX,
  pathText,
  sizeOf,
} from "./json-lines";

/** A value that is longer as text can be searched, folded and downloaded as a whole. */
const LONG_TEXT = 400;
/** More lines than these scroll in a window of their own. */
const VIRTUAL_LINES = 120;
const LINE_HEIGHT = 20;
const TEXT_SHOWN = 600;

const NO_FOLDS: Folds = new Map();

export const JsonView = memo(function JsonView({
  value,
  title,
  note,
}: {
  value: JsonValue;
  title: string;
  /** Stands after the title. */
  note?: ReactNode;
}) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? "null", [value]);
  const [folds, setFolds] = useState(NO_FOLDS);
  const [query, setQuery] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const matches = useMemo(() => findInJson(value, query ?? ""), [value, query]);
  const match = matches[Math.min(at, matches.length - 1)] ?? null;
  const lines = useMemo(
    () =>
      jsonLines(value, match === null ? folds : new Map([...folds, ...around(match).map((id) => [id, true] as const)])),
    [value, folds, match],
  );
  const isLong = text.length > LONG_TEXT;
  const step = (by: number) => setAt((Math.min(at, matches.length - 1) + by + matches.length) % matches.length);
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-1.5">
      <div className="flex h-6 items-center gap-1">
        <span className="text-xs font-medium text-ink-2">{title}</span>
        {note}
        <div className="ml-auto flex items-center text-2xs text-ink-3 tabular">
          {isLong && (
            <>
              <span className="mr-1">{bytes(text.length)}</span>
              <Tool
                name={words.find}
                icon={<Search aria-hidden size={13} />}
                pressed={query !== null}
                onClick={() => setQuery(query === null ? "" : null)}
              />
              <Tool
                name={words.expandAll}
                icon={<ChevronsUpDown aria-hidden size={13} />}
                onClick={() => setFolds(foldAll(value, true))}
              />
              <Tool
                name={words.collapseAll}
                icon={<ChevronsDownUp aria-hidden size={13} />}
                onClick={() => setFolds(foldAll(value, false))}
              />
              <Tool
                name={words.download}
                icon={<Download aria-hidden size={13} />}
                onClick={() => download(text, `${title.toLowerCase().replaceAll(" ", "-")}.json`)}
              />
            </>
          )}
          <CopyButton value={text} label={texts.common.copyJson} />
        </div>
      </div>
      <div className="min-w-0 rounded-md border bg-sunken font-mono text-xs leading-5">
        {query !== null && (
          <div className="flex h-8 items-center gap-1 border-b px-2 font-sans">
            <input
              // biome-ignore lint/a11y/noAutofocus: it was opened to type here
              autoFocus
              type="search"
              aria-label={words.find}
              placeholder={words.find}
              value={query}
              onChange={({ target }) => {
                setQuery(target.value);
                setAt(0);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter" && matches.length > 0) step(event.shiftKey ? -1 : 1);
                else if (event.key === "Escape") setQuery(null);
                else return;
                event.preventDefault();
                event.stopPropagation();
              }}
              className="h-full min-w-0 flex-1 bg-transparent text-xs focus-visible:outline-none"
            />
            <span role="status" className="text-2xs text-ink-3 tabular">
              {query.trim() === ""
                ? ""
                : match === null
                  ? words.noMatch
                  : words.matches(matches.indexOf(match) + 1, matches.length, matches.length === MATCHES_MAX)}
            </span>
            <Tool
              name={words.previous}
              icon={<ChevronUp aria-hidden size={13} />}
              disabled={matches.length === 0}
              onClick={() => step(-1)}
            />
            <Tool
              name={words.next}
              icon={<ChevronDown aria-hidden size={13} />}
              disabled={matches.length === 0}
              onClick={() => step(1)}
            />
          </div>
        )}
        <Lines
          title={title}
          root={value}
          lines={lines}
          match={match}
          onFold={(id, open) => setFolds(new Map([...folds, [id, open]]))}
        />
      </div>
    </section>
  );
});

function Tool({
  name,
  icon,
  onClick,
  pressed,
  disabled,
}: {
  name: string;
  icon: ReactNode;
  onClick: () => void;
  pressed?: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
      className={classNames(
        "inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink disabled:opacity-40",
        pressed && "bg-active text-ink",
      )}
    >
      {icon}
    </button>
  );
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url));
}

interface LinesProps {
  title: string;
  root: JsonValue;
  lines: JsonLine[];
  match: string | null;
  onFold: (id: string, open: boolean) => void;
}

function Lines(props: LinesProps) {
  const { title, lines, match, onFold } = props;
  const [active, setActive] = useState(0);
  const tree = useRef<HTMLDivElement>(null);
  const isVirtual = lines.length > VIRTUAL_LINES;
  const virtual = useVirtualizer({
    count: isVirtual ? lines.length : 0,
    getScrollElement: () => tree.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => keyOf(lines[index], index),
    overscan: 20,
  });
  const found = match === null ? -1 : lines.findIndex(({ id, kind }) => id === match && kind !== "end");
  // biome-ignore lint/correctness/useExhaustiveDependencies: moves when another match is chosen, not whenever lines change
  useEffect(() => {
    if (found !== -1) reveal(found);
  }, [match]);

  function reveal(index: number) {
    if (isVirtual) virtual.scrollToIndex(index, { align: "center" });
    else tree.current?.querySelector(`[data-line="${index}"]`)?.scrollIntoView({ block: "nearest" });
  }

  function focus(index: number) {
    setActive(index);
    if (isVirtual) virtual.scrollToIndex(index);
    requestAnimationFrame(() => tree.current?.querySelector<HTMLElement>(`[data-line="${index}"]`)?.focus());
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const from = (event.target as HTMLElement).getAttribute("data-line");
    const line = lines[Number(from)];
    if (from === null || line === undefined) return;
    const isOpen = line.kind === "open";
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const to = next(lines, Number(from), event.key === "ArrowDown" ? 1 : -1);
      if (to !== null) focus(to);
    } else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(next(lines, lines.length, -1) ?? 0);
    else if (event.key === "ArrowRight" && line.kind === "folded") onFold(line.id, true);
    else if (event.key === "ArrowLeft" && isOpen && line.depth > 0) onFold(line.id, false);
    else if ((event.key === "Enter" || event.key === " ") && (isOpen || line.kind === "folded"))
      onFold(line.id, !isOpen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const reachable = lines[active] !== undefined && lines[active].kind !== "end" ? active : 0;
  const row = (index: number) => {
    const line = lines[index];
    if (line === undefined) return null;
    return <Line {...props} line={line} index={index} isReachable={index === reachable} isMatch={index === found} />;
  };
  return (
    <div
      ref={tree}
      role="tree"
      aria-label={title}
      onKeyDown={onKeyDown}
      className={classNames("py-1.5", isVirtual && "h-96 overflow-y-auto")}
    >
      {isVirtual ? (
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => (
            <div
              key={key}
              role="presentation"
              ref={virtual.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              {row(index)}
            </div>
          ))}
        </div>
      ) : (
        lines.map((line, index) => (
          <div key={keyOf(line, index)} role="presentation">
            {row(index)}
          </div>
        ))
      )}
    </div>
  );
}

function keyOf(line: JsonLine | undefined, index: number): string | number {
  return line === undefined ? index : `${line.kind === "end" ? "]" : ""}${line.id}`;
}

/** The next line that is a value. */
function next(lines: JsonLine[], from: number, by: 1 | -1): number | null {
  for (let at = from + by; at >= 0 && at < lines.length; at += by) if (lines[at]?.kind !== "end") return at;
  return null;
}

function Line({
  line,
  root,
  index,
  isReachable,
  isMatch,
  onFold,
}: {
  line: JsonLine;
  root: JsonValue;
  index: number;
  isReachable: boolean;
  isMatch: boolean;
  onFold: (id: string, open: boolean) => void;
}) {
  const { id, depth, name, kind, value } = line;
  const isFoldable = (kind === "open" && depth > 0) || kind === "folded";
  return (
    <div
      {...(kind === "end"
        ? { "aria-hidden": true }
        : {
            role: "treeitem",
            "aria-level": depth + 1,
            "aria-selected": isMatch,
            "aria-expanded": kind === "value" ? undefined : kind === "open",
            tabIndex: isReachable ? 0 : -1,
            "data-line": index,
          })}
      className={classNames(
        "group/line relative flex min-h-5 items-stretch pr-2 pl-2.5 focus-inset hover:bg-hover",
        isMatch && "bg-warning-tint hover:bg-warning-tint",
      )}
    >
      {Array.from({ length: depth }, (_, level) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: guides are alike
        <span key={level} aria-hidden className="w-3.5 shrink-0 border-l border-line" />
      ))}
      {isFoldable ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={kind === "open" ? words.collapse : words.expand}
          onClick={() => onFold(id, kind !== "open")}
          className="-ml-1 flex h-5 w-4 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
        >
          <ChevronRight aria-hidden size={12} className={kind === "open" ? "rotate-90" : undefined} />
        </button>
      ) : (
        depth > 0 && kind !== "end" && <span aria-hidden className="-ml-1 w-4 shrink-0" />
      )}
      <span className="min-w-0 flex-1 break-words whitespace-pre-wrap">
        {typeof name === "string" && (
          <>
            <span className="text-json-key">{name}</span>
            <span className="text-ink-3">: </span>
          </>
        )}
        {typeof name === "number" && <span className="mr-1.5 text-ink-3 select-none">{name}</span>}
        <Shown line={line} />
      </span>
      {kind !== "end" && depth > 0 && <LineTools path={pathText(id, root)} value={value} />}
    </div>
  );
}

/** Under the pointer, or while its line has the focus. */
function LineTools({ path, value }: { path: string; value: JsonValue }) {
  const copy = (text: string) => void navigator.clipboard?.writeText(text);
  const toolClass =
    "inline-flex size-5 items-center justify-center rounded-sm bg-sunken text-ink-3 hover:bg-active hover:text-ink";
  return (
    <span className="absolute top-0 right-1 hidden gap-0.5 group-hover/line:flex group-focus/line:flex">
      <button
        type="button"
        tabIndex={-1}
        aria-label={words.copyPath(path)}
        title={words.copyPath(path)}
        onClick={() => copy(path)}
        className={toolClass}
      >
        <Link2 aria-hidden size={12} />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={words.copyValue}
        title={words.copyValue}
        onClick={() => copy(typeof value === "string" ? value : JSON.stringify(value, null, 2))}
        className={toolClass}
      >
        <Copy aria-hidden size={12} />
      </button>
    </span>
  );
}

function Shown({ line: { kind, value } }: { line: JsonLine }) {
  if (typeof value === "string") return <Text text={value} />;
  const isList = Array.isArray(value);
  const [begin, end] = isList ? ["[", "]"] : ["{", "}"];
  if (value === null || typeof value !== "object")
    return (
      <span className={typeof value === "number" ? "text-json-number" : "text-json-keyword"}>{String(value)}</span>
    );
  const size = sizeOf(value);
  if (kind === "folded")
    return (
      <span className="text-ink-3">
        {begin} {isList ? words.items(size) : words.fields(size)} {end}
      </span>
    );
  return <span className="text-ink-3">{kind === "open" ? begin : kind === "end" ? end : `${begin}${end}`}</span>;
}

function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const isCut = text.length > TEXT_SHOWN && !whole;
  return (
    <span className="text-json-string">
      {JSON.stringify(isCut ? text.slice(0, TEXT_SHOWN) : text)}
      {isCut && (
        <button
          type="button"
          tabIndex={-1}
          onClick={() => setWhole(true)}
          className="ml-1 rounded-sm px-1 font-sans text-2xs text-accent hover:bg-active"
        >
          {words.wholeText(text.length)}
        </button>
      )}
    </span>
  );
}
