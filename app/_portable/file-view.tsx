"use client";
/**
 * An execution as its page shows it, read from a file: the same views over the same components, marked as a file, with what
 * its signature says. Nothing asks a server, and nothing can be done to the execution.
 */
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Download, FileClock } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { absoluteTime } from "@/lib/client/format";
import { PermissionsProvider } from "@/lib/client/permissions";
import { saveBlob } from "@/lib/client/portable";
import { portableTexts } from "@/lib/client/texts/portable";
import { ExecutionPage } from "../_execution/execution-page";
import { Button } from "../_ui/button";
import { feedFromFile } from "./file-feed";
import { fileQueryClient } from "./file-query-client";
import type { OpenedFile } from "./history-file";
import { useVerdict, VerdictButton } from "./verdict";

const words = portableTexts.viewer;

/** @param known fingerprints of keys that the reader trusts; see {@link useVerdict} */
export function FileView({
  file,
  known,
  name,
  children,
}: {
  file: OpenedFile;
  known: readonly string[];
  /** Of the file; null where the page is the file. */
  name: string | null;
  children?: ReactNode;
}) {
  const { history } = file;
  const [client, setClient] = useState<QueryClient | null>(null);
  useEffect(() => {
    const release = feedFromFile(history);
    setClient(fileQueryClient(file));
    return () => {
      release();
      setClient(null);
    };
  }, [file, history]);
  const verdict = useVerdict(history, known);
  return (
    <>
      <aside
        aria-label={words.label}
        className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-sunken px-4 py-1 text-xs md:px-6"
      >
        <span className="inline-flex min-w-0 items-center gap-1.5 font-medium">
          <FileClock aria-hidden size={14} className="shrink-0 text-ink-3" />
          <span className="truncate">{name ?? words.fromFile}</span>
          {file.madeAt && (
            <span className="font-normal whitespace-nowrap text-ink-3">{words.madeAt(absoluteTime(file.madeAt))}</span>
          )}
        </span>
        <VerdictButton history={history} verdict={verdict} />
        <span className="ml-auto flex items-center gap-1">
          <Button
            size="sm"
            variant="ghost"
            title={portableTexts.saveHistoryHint}
            onClick={() =>
              saveBlob(new Blob([file.text], { type: "application/json" }), `${history.execution.id}.json`)
            }
          >
            <Download aria-hidden size={14} />
            <span className="max-md:sr-only">{portableTexts.saveHistory}</span>
          </Button>
          {children}
        </span>
      </aside>
      {client && (
        <PermissionsProvider permissions={[]}>
          <QueryClientProvider client={client}>
            <ExecutionPage id={history.execution.id} />
          </QueryClientProvider>
        </PermissionsProvider>
      )}
    </>
  );
}
