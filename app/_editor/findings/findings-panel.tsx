"use client";
/** What the validator says, errors first: each leads to the field that it is about, and what can be mended has a button. */
import { CircleCheck, ListTree, Rows3, Wrench } from "lucide-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { number } from "@/lib/client/format";
import { editorFindingsTexts as words } from "@/lib/client/texts/editor-findings";
import type { Finding } from "@/lib/contract/findings";
import { nodeOf } from "@/lib/editor/document";
import { NodeIcon } from "../../_execution/node-icon";
import { Button } from "../../_ui/button";
import { FindField } from "../../_ui/find-field";
import { ScrollArea } from "../../_ui/scroll-area";
import { Segments } from "../../_ui/segments";
import { Skeleton } from "../../_ui/skeleton";
import { toast } from "../../_ui/toast";
import { focusField } from "../inspector/focus-field";
import { useEditor, useEditorStore } from "../use-editor";
import { FixButtons } from "./finding-notes";
import { byNode, type FindingGroup, narrowed, type Shown } from "./findings-model";
import { askFixAll } from "./fix-asker";
import { SeverityMark } from "./severity-mark";
import { type Fixes, useFixes } from "./use-fixes";

const NONE: readonly Finding[] = [];

export function FindingsPanel() {
  const judged = useEditor(({ findings }) => findings);
  const findings = judged ?? NONE;
  const fixes = useFixes(findings);
  const [shown, setShown] = useState<Shown>("all");
  const [text, setText] = useState("");
  const [isGrouped, setGrouped] = useState(true);
  const listed = useMemo(() => narrowed(findings, shown, text), [findings, shown, text]);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (judged === null)
    return (
      <div role="status" aria-label={words.judging} className="flex flex-col gap-2 p-4">
        <Skeleton className="h-4 w-1/2" />
        <Skeleton className="h-4 w-2/3" />
      </div>
    );
  if (findings.length === 0) return <Nothing />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5">
        <Segments
          label={words.shown}
          value={shown}
          onChange={setShown}
          options={[
            { value: "all", name: words.all, count: findings.length },
            { value: "error", name: words.errors, count: errors },
            { value: "warning", name: words.warnings, count: findings.length - errors },
          ]}
        />
        <FindField label={words.find} value={text} onChange={setText} className="min-w-32 flex-1 md:max-w-64" />
        <Button
          variant="ghost"
          size="sm"
          aria-label={words.order}
          title={isGrouped ? words.grouped : words.flat}
          aria-pressed={isGrouped}
          onClick={() => setGrouped(!isGrouped)}
        >
          {isGrouped ? <ListTree aria-hidden size={13} /> : <Rows3 aria-hidden size={13} />}
          {isGrouped ? words.grouped : words.flat}
        </Button>
        <FixAll fixes={fixes} />
      </div>
      <FindingList groups={isGrouped ? byNode(listed) : [{ node: null, findings: listed }]} {...{ isGrouped, fixes }} />
    </div>
  );
}

function Nothing() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-1 p-6 text-center">
      <CircleCheck aria-hidden size={18} strokeWidth={1.75} className="text-ink-3" />
      <p className="text-sm font-medium">{words.none}</p>
      <p className="text-xs text-ink-3">{words.noneHint}</p>
    </div>
  );
}

/** There where more than one finding has exactly one fix. */
function FixAll({ fixes }: { fixes: Fixes }) {
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const [isBusy, setBusy] = useState(false);
  const single = [...fixes.values()].filter(({ length }) => length === 1).length;
  if (isReadOnly || single < 2) return null;
  const fixAll = async () => {
    setBusy(true);
    const edits = await askFixAll(editor.present);
    setBusy(false);
    if (edits.length > 0) editor.apply({ type: "all", edits });
    else toast.done(words.nothingLeft);
  };
  return (
    <Button size="sm" busy={isBusy} title={words.fixAllHint} onClick={fixAll} className="ml-auto">
      <Wrench aria-hidden size={12} />
      {words.fixAll(single)}
    </Button>
  );
}

/** Arrows, J and K walk the findings; Enter leads to what one is about. */
function FindingList({
  groups,
  isGrouped,
  fixes,
}: {
  groups: readonly FindingGroup[];
  isGrouped: boolean;
  fixes: Fixes;
}) {
  const list = useRef<HTMLElement>(null);
  if (groups.every(({ findings }) => findings.length === 0))
    return <p className="px-4 py-3 text-xs text-ink-3">{words.noMatch}</p>;
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-finding]") ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (by === undefined || (at < 0 && document.activeElement !== list.current)) return;
    event.preventDefault();
    rows[Math.max(0, Math.min(at + by, rows.length - 1))]?.focus();
  };
  return (
    <ScrollArea label={words.list} ref={list} onKeyDown={walk} className="pb-2">
      {groups.map(({ node, findings }) => (
        <section key={node ?? ""} aria-label={node ?? words.workflow}>
          {isGrouped && <GroupHead node={node} count={findings.length} />}
          <ul>
            {findings.map((finding) => (
              <Row
                key={`${finding.code} ${finding.path} ${finding.message}`}
                finding={finding}
                fixes={fixes}
                isNamed={!isGrouped}
              />
            ))}
          </ul>
        </section>
      ))}
    </ScrollArea>
  );
}

function GroupHead({ node, count }: { node: string | null; count: number }) {
  const type = useEditor(({ session }) =>
    node === null ? null : (nodeOf(session.present.definition, node)?.node.type ?? null),
  );
  return (
    <h2 className="flex h-8 items-center gap-2 px-4 text-2xs text-ink-3">
      {type && <NodeIcon type={type} className="size-3" />}
      <span className={node === null ? undefined : "font-mono text-ink-2"}>{node ?? words.workflow}</span>
      <span className="tabular">{number(count)}</span>
    </h2>
  );
}

function Row({ finding, fixes, isNamed }: { finding: Finding; fixes: Fixes; isNamed: boolean }) {
  const editor = useEditorStore();
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1 hover:bg-hover">
      <button
        type="button"
        data-finding
        onClick={() => focusField(editor, editor.present.definition, finding.path)}
        className="flex min-h-6 min-w-0 flex-1 basis-64 items-start gap-2 rounded-sm text-left text-xs focus-inset"
      >
        <SeverityMark severity={finding.severity} className="mt-0.5" />
        <span className="min-w-0 flex-1 break-words">
          {isNamed && finding.node && <span className="font-mono text-2xs text-ink-3">{finding.node} </span>}
          {finding.message}
        </span>
        <span className="hidden shrink-0 font-mono text-2xs leading-4 text-ink-3 lg:inline">{finding.code}</span>
      </button>
      <FixButtons finding={finding} fixes={fixes.get(finding) ?? []} className="pl-5 md:pl-0" />
    </li>
  );
}
