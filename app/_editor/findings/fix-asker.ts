"use client";
/** Fixes from a worker, one question after the other; of whoever asks again only the latest is answered. */
import type { Finding } from "@/lib/contract/findings";
import type { EditorDocument } from "@/lib/editor/document";
import type { Edit } from "@/lib/editor/edits";
import type { Fix } from "@/lib/editor/fixes/fixes-of";
import type { Asked } from "./fixes.worker";

interface Question {
  readonly asked: Asked;
  readonly answer: (data: unknown) => void;
}

let worker: Worker | null = null;
const waiting = new Map<object, Question>();
let underway: Question | null = null;

/** `asker`: any object that is the same each time. */
export function askFixes(
  asker: object,
  document: EditorDocument,
  findings: readonly Finding[],
  answer: (fixes: readonly (readonly Fix[])[]) => void,
) {
  put(asker, { asked: { document, findings }, answer: (data) => answer(data as readonly (readonly Fix[])[]) });
}

/** Edits that take away whatever has exactly one fix. */
export function askFixAll(document: EditorDocument): Promise<readonly Edit[]> {
  return new Promise((resolve) =>
    put({}, { asked: { document, findings: null }, answer: (data) => resolve(data as readonly Edit[]) }),
  );
}

function put(asker: object, question: Question) {
  waiting.delete(asker);
  waiting.set(asker, question);
  if (underway === null) next();
}

function next() {
  const [first] = waiting;
  underway = first?.[1] ?? null;
  if (first === undefined) return;
  waiting.delete(first[0]);
  opened().postMessage(first[1].asked);
}

function opened(): Worker {
  if (worker === null) {
    worker = new Worker(new URL("./fixes.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      underway?.answer(data);
      next();
    };
    // Findings without a fix can be mended by hand: the next question is asked all the same.
    worker.onerror = () => next();
  }
  return worker;
}
