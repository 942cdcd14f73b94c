"use client";
/** The definition as the SDK's source, to be read, copied and taken away: compiled, it gives this very definition. */
import { Download, FileCode2 } from "lucide-react";
import { Button } from "@/app/_ui/button";
import { CopyButton } from "@/app/_ui/copy-button";
import { Empty } from "@/app/_ui/empty";
import { Skeleton } from "@/app/_ui/skeleton";
import { typescriptTexts as words } from "@/lib/client/texts/editor-typescript";
import type { TypeScriptSource } from "@/lib/editor/typescript/typescript-of";
import { useEditor } from "../use-editor";
import { CodeMirror } from "./code-mirror";
import { useTypeScript } from "./use-typescript";

export function TypeScriptView() {
  const definition = useEditor(({ session }) => session.present.definition);
  if (definition.nodes.length === 0)
    return (
      <Empty icon={FileCode2} title={words.emptyTitle}>
        <p>{words.empty}</p>
      </Empty>
    );
  return <TypeScript />;
}

function TypeScript() {
  const definition = useEditor(({ session }) => session.present.definition);
  const { written, hasFailed, retry } = useTypeScript(definition);
  if (hasFailed)
    return (
      <Empty icon={FileCode2} title={words.failedTitle}>
        <Button onClick={retry}>{words.retry}</Button>
      </Empty>
    );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-10 shrink-0 items-center gap-2 border-b py-1 pr-2 pl-4">
        <Said written={written} />
        {written !== null && <Actions source={written.source} file={`${definition.name}.ts`} />}
      </div>
      {written === null ? (
        <Lines />
      ) : (
        <CodeMirror
          value={written.source}
          label={words.label}
          language="typescript"
          readOnly
          className="min-h-0 flex-1"
        />
      )}
    </div>
  );
}

function Said({ written }: { written: TypeScriptSource | null }) {
  const text = written === null ? words.writing : written.why === null ? words.timeline : words.literal(written.why);
  return (
    <p role="status" className="min-w-0 flex-1 text-xs text-ink-2">
      {text}
    </p>
  );
}

function Actions({ source, file }: { source: string; file: string }) {
  return (
    <>
      <CopyButton value={source} label={words.copy} className="size-7" />
      <Button variant="ghost" size="sm" title={words.downloadAs(file)} onClick={() => download(source, file)}>
        <Download aria-hidden size={13} />
        {words.download}
      </Button>
    </>
  );
}

function Lines() {
  return (
    <div aria-hidden className="flex flex-1 flex-col gap-2.5 overflow-hidden py-3 pl-14">
      {["w-3/5", "w-1/4", "w-2/5", "w-1/2", "w-1/3", "w-2/5"].map((width, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
        <Skeleton key={line} className={`h-3 ${width}`} />
      ))}
    </div>
  );
}

function download(source: string, file: string): void {
  const url = URL.createObjectURL(new Blob([source], { type: "text/typescript" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url));
}
