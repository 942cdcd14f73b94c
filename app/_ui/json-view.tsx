"use client";
/** A JSON value one can read: folded where it is large, long texts cut, more on demand, all of it to copy. */
import { ChevronRight } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { bytes } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import type { JsonValue } from "@/lib/contract/json";
import { classNames } from "./class-names";
import { CopyButton } from "./copy-button";

const OPEN_DEPTH = 3;
const OPEN_MEMBERS = 30;
const MEMBERS_SHOWN = 100;
const TEXT_SHOWN = 600;

export const JsonView = memo(function JsonView({ value, title }: { value: JsonValue; title: string }) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? "null", [value]);
  return (
    <section aria-label={title} className="group/json flex flex-col gap-1.5">
      <div className="flex h-6 items-center justify-between">
        <span className="text-xs font-medium text-ink-2">{title}</span>
        <div className="flex items-center gap-1 text-2xs text-ink-3 tabular">
          {text.length > 400 && bytes(text.length)}
          <CopyButton value={text} label={texts.common.copyJson} />
        </div>
      </div>
      <div className="overflow-x-auto rounded-md border bg-sunken px-2.5 py-2 font-mono text-xs leading-5">
        <Value value={value} depth={0} />
      </div>
    </section>
  );
});

function Value({ value, depth }: { value: JsonValue; depth: number }) {
  if (Array.isArray(value))
    return (
      <Members
        open="["
        close="]"
        said={texts.json.items(value.length)}
        entries={value.map((member) => [null, member])}
        depth={depth}
      />
    );
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value);
    return <Members open="{" close="}" said={texts.json.fields(entries.length)} entries={entries} depth={depth} />;
  }
  if (typeof value === "string") return <Text text={value} />;
  return (
    <span className={typeof value === "number" ? "text-json-number" : "text-json-keyword"}>
      {JSON.stringify(value)}
    </span>
  );
}

function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const long = text.length > TEXT_SHOWN;
  return (
    <span className="break-words whitespace-pre-wrap text-json-string">
      {JSON.stringify(long && !whole ? text.slice(0, TEXT_SHOWN) : text)}
      {long && (
        <More onClick={() => setWhole(!whole)}>
          {whole ? texts.common.showLess : `${texts.common.showMore} (${texts.json.characters(text.length)})`}
        </More>
      )}
    </span>
  );
}

function Members({
  open,
  close,
  said,
  entries,
  depth,
}: {
  open: string;
  close: string;
  said: string;
  entries: [string | null, JsonValue][];
  depth: number;
}) {
  const [unfolded, setUnfolded] = useState(depth === 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_MEMBERS));
  const [shown, setShown] = useState(MEMBERS_SHOWN);
  if (entries.length === 0) return <span className="text-ink-3">{open + close}</span>;
  const fold = (
    <button
      type="button"
      aria-expanded={unfolded}
      aria-label={`${unfolded ? texts.json.collapse : texts.json.expand} ${said}`}
      onClick={() => setUnfolded(!unfolded)}
      className="-ml-0.5 inline-flex size-4 translate-y-0.5 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
    >
      <ChevronRight aria-hidden size={12} className={classNames("transition-transform", unfolded && "rotate-90")} />
    </button>
  );
  if (!unfolded)
    return (
      <span>
        {fold}
        <span className="text-ink-3">
          {open} {said} {close}
        </span>
      </span>
    );
  return (
    <span>
      {fold}
      <span className="text-ink-3">{open}</span>
      <span className="block border-l border-line pl-3.5">
        {entries.slice(0, shown).map(([name, member], index) => (
          <span key={name ?? index} className="block">
            {name !== null && (
              <>
                <span className="text-json-key">{name}</span>
                <span className="text-ink-3">: </span>
              </>
            )}
            <Value value={member} depth={depth + 1} />
          </span>
        ))}
        {entries.length > shown && (
          <More onClick={() => setShown(shown + MEMBERS_SHOWN * 5)}>{texts.json.rest(entries.length - shown)}</More>
        )}
      </span>
      <span className="text-ink-3">{close}</span>
    </span>
  );
}

function More({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="ml-1 rounded-sm px-1 font-sans text-2xs text-accent hover:bg-active"
    >
      {children}
    </button>
  );
}
