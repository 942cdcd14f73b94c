"use client";
/** What the check of a file's signature says: a sentence in its bar, and all that was checked in a dialog. */
import { CircleAlert, CircleHelp, LoaderCircle, ShieldAlert, ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { number } from "@/lib/client/format";
import { portableTexts } from "@/lib/client/texts/portable";
import { Button } from "../_ui/button";
import { CopyButton } from "../_ui/copy-button";
import { Dialog } from "../_ui/dialog";
import type { HistoryFile } from "./history-file";
import { type Problem, type Verdict, verifyHere } from "./verify-here";

const words = portableTexts.verdict;
const PROBLEMS_SHOWN = 20;

/** The tone of a status says it too: green, violet, red, grey. */
const LOOKS = {
  holds: { tone: "completed", icon: ShieldCheck },
  unsigned: { tone: "waiting", icon: CircleAlert },
  changed: { tone: "failed", icon: ShieldAlert },
  uncheckable: { tone: "cancelled", icon: CircleHelp },
} as const;

/** Null while it is computed. @param known fingerprints of keys that did not come with the file */
export function useVerdict(history: HistoryFile, known: readonly string[]): Verdict | null {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const trusted = known.join(" ");
  useEffect(() => {
    let isWanted = true;
    void verifyHere(history, trusted.split(" "), globalThis.crypto?.subtle).then((found) => {
      if (isWanted) setVerdict(found);
    });
    return () => {
      isWanted = false;
    };
  }, [history, trusted]);
  return verdict;
}

export function VerdictButton({ history, verdict }: { history: HistoryFile; verdict: Verdict | null }) {
  const [isOpen, setOpen] = useState(false);
  if (verdict === null)
    return (
      <span role="status" className="inline-flex items-center gap-1.5 text-xs text-ink-3">
        <LoaderCircle aria-hidden size={14} className="animate-turn" />
        {words.checking}
      </span>
    );
  const { tone, icon: Icon } = LOOKS[verdict.state];
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        onClick={() => setOpen(true)}
        title={portableTexts.viewer.details}
        className="min-w-0"
      >
        <span data-status={tone} className="inline-flex min-w-0 items-center gap-1.5 text-tone">
          <Icon aria-hidden size={14} className="shrink-0" />
          <span className="truncate">{sentence(verdict)}</span>
        </span>
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={sentence(verdict)}
        description={words.explained[verdict.state]}
      >
        <Details history={history} verdict={verdict} />
      </Dialog>
    </>
  );
}

function sentence({ state, signature }: Verdict): string {
  return state === "holds" ? words.holds(signature?.isKnown ?? false) : words[state];
}

function Details({ history, verdict: { problems, signature } }: { history: HistoryFile; verdict: Verdict }) {
  return (
    <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4 text-sm">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        <dt className="text-ink-3">{words.events}</dt>
        <dd className="tabular">{number(history.events.length)}</dd>
        {signature && (
          <>
            <dt className="text-ink-3">{words.signedAt}</dt>
            <dd className="tabular">{number(signature.sequence)}</dd>
            <dt className="text-ink-3">{words.fingerprint}</dt>
            <dd className="flex min-w-0 items-start gap-1">
              <code className="min-w-0 font-mono text-xs break-all">{signature.fingerprint}</code>
              <CopyButton value={signature.fingerprint} label={words.copyFingerprint} className="-my-1" />
            </dd>
          </>
        )}
      </dl>
      {signature && !signature.isKnown && <p className="text-ink-2">{words.ownKey}</p>}
      {problems.length > 0 && (
        <section aria-label={words.problems} className="flex flex-col gap-1.5">
          <h3 className="text-xs font-medium text-ink-2">{words.problems}</h3>
          <ul className="flex flex-col gap-1">
            {problems.slice(0, PROBLEMS_SHOWN).map((problem) => (
              <li key={told(problem)}>{told(problem)}</li>
            ))}
            {problems.length > PROBLEMS_SHOWN && <li>{words.problem.more(problems.length - PROBLEMS_SHOWN)}</li>}
          </ul>
        </section>
      )}
    </div>
  );
}

function told(problem: Problem): string {
  const { problem: texts } = words;
  switch (problem.kind) {
    case "end":
      return texts.end(problem.expected, problem.found);
    case "head":
      return texts.head;
    case "value-changed":
      return texts.valueChanged(problem.hash);
    case "value-missing":
      return texts.valueMissing(problem.hash);
    case "signature":
      return texts.signature(problem.sequence);
    case "uncovered":
      return texts.uncovered(problem.signed, problem.events);
  }
}
