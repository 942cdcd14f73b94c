"use client";
/** A definition as TypeScript, a moment behind what is edited: what stands there stays until the next one is written. */
import { useEffect, useRef, useState } from "react";
import type { Definition } from "@/lib/contract/definition";
import type { TypeScriptSource } from "@/lib/editor/typescript/typescript-of";

export interface WrittenTypeScript {
  /** Null: none yet. */
  readonly written: TypeScriptSource | null;
  readonly hasFailed: boolean;
  retry(): void;
}

export function useTypeScript(definition: Definition): WrittenTypeScript {
  const [written, setWritten] = useState<TypeScriptSource | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const ask = useRef<((definition: Definition) => void) | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another worker
  useEffect(() => {
    const worker = new Worker(new URL("./typescript.worker.ts", import.meta.url), { type: "module" });
    let underway = false;
    let next: Definition | null = null;
    const go = () => {
      if (underway || next === null) return;
      underway = true;
      worker.postMessage(next);
      next = null;
    };
    worker.onmessage = ({ data }: MessageEvent<TypeScriptSource>) => {
      underway = false;
      setWritten(data);
      setFailed(false);
      go();
    };
    worker.onerror = () => setFailed(true);
    ask.current = (definition) => {
      next = definition;
      go();
    };
    return () => {
      ask.current = null;
      worker.terminate();
    };
  }, [attempt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks anew
  useEffect(() => ask.current?.(definition), [definition, attempt]);

  return { written, hasFailed, retry: () => setAttempt((n) => n + 1) };
}
