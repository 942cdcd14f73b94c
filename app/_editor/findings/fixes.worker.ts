/** Tries fixes beside the page: each is judged by the validator before it is offered, which costs time in large workflows. */
import type { Finding } from "@/lib/contract/findings";
import { validateDefinition } from "@/lib/core/definition/validate";
import type { EditorDocument } from "@/lib/editor/document";
import { fixAll, fixesOf } from "@/lib/editor/fixes/fixes-of";

export type Asked =
  | { readonly document: EditorDocument; readonly findings: readonly Finding[] }
  | { readonly document: EditorDocument; readonly findings: null };

self.onmessage = ({ data: { document, findings } }: MessageEvent<Asked>) => {
  if (findings === null) return self.postMessage(fixAll(document));
  const before = validateDefinition(document.definition);
  self.postMessage(findings.map((finding) => fixesOf(finding, document, before)));
};
