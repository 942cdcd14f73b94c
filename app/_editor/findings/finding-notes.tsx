"use client";
/** What the validator says, as sentences, each with the buttons that would mend it. */
import { Wrench } from "lucide-react";
import { editorFindingsTexts as words } from "@/lib/client/texts/editor-findings";
import type { Finding } from "@/lib/contract/findings";
import type { Fix } from "@/lib/editor/fixes/fixes-of";
import { useEditorStore } from "../use-editor";
import { SeverityMark } from "./severity-mark";
import { applyFix, useFixes } from "./use-fixes";

interface NotesProps {
  findings: readonly Finding[];
  /** The codes of what is said in the field itself already: here only what would mend it. */
  said?: ReadonlySet<string>;
}

export function FindingNotes(props: NotesProps) {
  return props.findings.length === 0 ? null : <Notes {...props} />;
}

function Notes({ findings, said }: NotesProps) {
  const fixes = useFixes(findings);
  return (
    <ul className="flex flex-col gap-1.5 pt-0.5">
      {findings.map((finding) => (
        <li
          key={`${finding.code} ${finding.path} ${finding.message}`}
          className="flex flex-col gap-1 text-2xs text-ink-2"
        >
          {said?.has(finding.code) !== true && (
            <span className="flex items-start gap-1.5">
              <SeverityMark severity={finding.severity} className="mt-px" />
              <span className="min-w-0 break-words">{finding.message}</span>
            </span>
          )}
          <FixButtons finding={finding} fixes={fixes.get(finding) ?? []} className={said ? undefined : "pl-5"} />
        </li>
      ))}
    </ul>
  );
}

export function FixButtons({
  finding,
  fixes,
  className,
}: {
  finding: Finding;
  fixes: readonly Fix[];
  className?: string | undefined;
}) {
  const editor = useEditorStore();
  if (fixes.length === 0) return null;
  return (
    <span className={`flex flex-wrap gap-1 ${className ?? ""}`}>
      {fixes.map((fix) => (
        <button
          key={fix.title}
          type="button"
          title={words.fix(fix.title)}
          onClick={(event) => {
            event.stopPropagation();
            void applyFix(editor, finding, fix);
          }}
          className="inline-flex min-h-6 max-w-full items-center gap-1 rounded-sm border border-line-strong bg-raised px-1.5 text-2xs text-ink hover:bg-hover"
        >
          <Wrench aria-hidden size={11} className="shrink-0 text-ink-3" />
          <span className="min-w-0 truncate">{words.fix(fix.title)}</span>
        </button>
      ))}
    </span>
  );
}
