"use client";
/** Choose or drop a file: it is read in this page and sent nowhere, and shown as the execution's own page would be. */
import { FileUp, X } from "lucide-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useSigningKeys } from "@/lib/client/portable";
import { replaceSearch } from "@/lib/client/search";
import { texts } from "@/lib/client/texts";
import { portableTexts } from "@/lib/client/texts/portable";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { FileView } from "./file-view";
import { NotAHistory, type OpenedFile, openFile } from "./history-file";

const words = portableTexts.open;
const TRAIL = [{ href: "/executions", name: texts.executions.title }];

type Step =
  | { is: "empty" }
  | { is: "reading"; name: string; size: number }
  | { is: "refused"; name: string; why: string }
  | { is: "open"; name: string; file: OpenedFile };

export function OpenRoom() {
  const [step, setStep] = useState<Step>({ is: "empty" });
  const keys = useSigningKeys();
  const latest = useRef(0);

  async function open(file: File | undefined) {
    if (file === undefined) return;
    const turn = ++latest.current;
    const { name, size } = file;
    setStep({ is: "reading", name, size });
    const next = await openFile(file).then(
      (opened): Step => ({ is: "open", name, file: opened }),
      (error: unknown): Step => ({ is: "refused", name, why: whyNot(error) }),
    );
    // One that was chosen later stays.
    if (turn === latest.current) setStep(next);
  }

  function close() {
    latest.current++;
    replaceSearch("");
    setStep({ is: "empty" });
  }

  if (step.is === "open")
    return (
      <DropTarget onFile={open}>
        <FileView
          key={step.file.history.execution.id}
          file={step.file}
          known={keys.data?.items.map(({ fingerprint }) => fingerprint) ?? NO_KEYS}
          name={step.name}
        >
          <Button size="sm" variant="ghost" onClick={close} aria-label={portableTexts.viewer.close}>
            <X aria-hidden size={14} />
            <span className="max-md:sr-only">{portableTexts.viewer.close}</span>
          </Button>
        </FileView>
      </DropTarget>
    );
  return (
    <>
      <RoomHeader title={words.title} trail={TRAIL} />
      <DropTarget onFile={open}>
        <Chooser step={step} onFile={open} />
      </DropTarget>
    </>
  );
}

const NO_KEYS: readonly string[] = [];

function whyNot(error: unknown): string {
  return error instanceof NotAHistory ? error.message : portableTexts.refusals.unreadable;
}

/** Takes a file that is dropped anywhere on it. */
function DropTarget({ onFile, children }: { onFile: (file: File | undefined) => void; children: ReactNode }) {
  const [isOver, setOver] = useState(false);
  const hasFile = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way beside the button
    <div
      className="relative flex min-h-0 flex-1 flex-col"
      onDragOver={(event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        setOver(false);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      {children}
      {isOver && (
        <p className="pointer-events-none absolute inset-2 z-30 flex items-center justify-center rounded-lg border-2 border-dashed border-accent bg-accent-tint text-sm font-medium text-accent">
          {words.dropHere}
        </p>
      )}
    </div>
  );
}

function Chooser({ step, onFile }: { step: Exclude<Step, { is: "open" }>; onFile: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto p-4 md:p-6">
      <div className="flex flex-1 flex-col items-center justify-center rounded-lg border border-dashed border-line-strong px-6 py-16 text-center">
        <span className="mb-4 inline-flex size-10 items-center justify-center rounded-lg border bg-sunken text-ink-3">
          <FileUp aria-hidden size={18} strokeWidth={1.75} />
        </span>
        <h2 className="text-base font-semibold">{words.drop}</h2>
        <p className="mt-1 max-w-[480px] text-ink-2">{words.lead}</p>
        <input
          ref={input}
          type="file"
          accept=".html,.json,.ndjson,text/html,application/json"
          className="hidden"
          onChange={(event) => {
            onFile(event.currentTarget.files?.[0]);
            // The same file again is a change too.
            event.currentTarget.value = "";
          }}
        />
        <Button variant="solid" className="mt-5" busy={step.is === "reading"} onClick={() => input.current?.click()}>
          {words.choose}
        </Button>
        <div className={classNames("mt-4 min-h-10 max-w-[480px]", step.is === "empty" && "text-xs text-ink-3")}>
          {step.is === "empty" && <p>{words.where}</p>}
          {step.is === "reading" && <p role="status">{words.reading(step.name, step.size)}</p>}
          {step.is === "refused" && (
            <div role="alert">
              <p className="font-medium text-danger">{words.failed(step.name)}</p>
              <p className="text-ink-2">{step.why}</p>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
