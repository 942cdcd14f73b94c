"use client";
/** What both changed, one beside the other, and whose stands; and a draft that somebody threw away while one edited it. */
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useActorName } from "@/lib/client/actors";
import { publishTexts as words } from "@/lib/client/texts/editor-publish";
import type { Conflict } from "@/lib/editor/merge";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { useEditor, useEditorStore } from "../use-editor";

/** Shows itself while there is something to choose. */
export function ConflictDialog() {
  const status = useEditor(({ saving }) => saving.status);
  if (status === "conflict") return <Conflicts />;
  return status === "gone" ? <Gone /> : null;
}

function Conflicts() {
  const editor = useEditorStore();
  const conflicts = useEditor(({ saving }) => saving.conflicts);
  const by = useEditor(({ saving }) => saving.updatedBy);
  const [isOpen, setOpen] = useState(true);
  const name = useActorName(by ?? "");
  if (!isOpen) return <Waiting count={conflicts.length} onChoose={() => setOpen(true)} />;
  return (
    <Dialog
      open
      onOpenChange={setOpen}
      title={words.conflictTitle}
      description={by === null ? words.conflictUnknown : words.conflictBy(name)}
      wide
    >
      <ul aria-label={words.conflicts} className="flex min-h-0 flex-col gap-3 overflow-y-auto px-5 py-4">
        {conflicts.map((conflict) => (
          <li key={`${conflict.node ?? ""} ${conflict.field ?? ""}`}>
            <ConflictCard conflict={conflict} />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" className="mr-auto" onClick={() => setOpen(false)}>
          {words.later}
        </Button>
        <Button onClick={() => editor.draft.settle("theirs")}>{words.takeTheirs}</Button>
        <Button variant="solid" onClick={() => editor.draft.settle("mine")}>
          {words.keepMine}
        </Button>
      </div>
    </Dialog>
  );
}

function ConflictCard({ conflict: { node, field, mine, theirs } }: { conflict: Conflict }) {
  return (
    <section className="overflow-hidden rounded-md border">
      <h3 className="flex flex-wrap items-baseline gap-x-2 border-b bg-sunken px-3 py-1.5 text-xs">
        <span className="font-medium">{node ?? words.workflowItself}</span>
        <span className="font-mono text-2xs text-ink-2">{field ?? words.wholeNode}</span>
      </h3>
      <div className="grid gap-px bg-line sm:grid-cols-2">
        <Value name={words.mine} value={mine} isNode={field === null} />
        <Value name={words.theirs} value={theirs} isNode={field === null} />
      </div>
    </section>
  );
}

function Value({ name, value, isNode }: { name: string; value: unknown; isNode: boolean }) {
  return (
    <div className="flex min-w-0 flex-col gap-1 bg-raised px-3 py-2">
      <span className="text-2xs text-ink-3">{name}</span>
      {value === null ? (
        <span className="text-xs text-ink-2">{isNode ? words.removed : words.notSet}</span>
      ) : (
        <code className="max-h-40 overflow-y-auto font-mono text-2xs break-words whitespace-pre-wrap">
          {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
        </code>
      )}
    </div>
  );
}

/** While one looks at the canvas before one chooses. */
function Waiting({ count, onChoose }: { count: number; onChoose: () => void }) {
  return (
    <div
      role="status"
      className="fixed bottom-18 left-1/2 z-30 flex w-[min(520px,calc(100vw-32px))] -translate-x-1/2 items-center gap-3 rounded-lg border bg-raised px-3 py-2 text-xs shadow-float md:bottom-4"
    >
      <span className="min-w-0 flex-1">{words.waits(count)}</span>
      <Button size="sm" variant="solid" onClick={onChoose}>
        {words.choose}
      </Button>
    </div>
  );
}

function Gone() {
  const editor = useEditorStore();
  const router = useRouter();
  const keep = () => editor.draft.keep();
  const leave = () => {
    editor.draft.stop();
    router.push("/workflows");
  };
  return (
    <Dialog open onOpenChange={() => {}} title={words.goneTitle} description={words.goneHint}>
      <div className="mt-4 flex justify-end gap-2 border-t px-5 py-3">
        <Button onClick={leave}>{words.leave}</Button>
        <Button variant="solid" onClick={keep}>
          {words.keep}
        </Button>
      </div>
    </Dialog>
  );
}
