/** What is said of a document: shape first, then sense, as the API does it. */
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import { parseDefinition } from "@/lib/contract/parse-definition";
import { validateDefinition } from "@/lib/core/definition/validate";

export function findingsOf(document: unknown): Finding[] {
  const { definition, findings } = parseDefinition(document);
  return definition === null ? findings : [...findings, ...validateDefinition(definition)];
}

/** Each as its code and its path. */
export function brief(document: unknown): string[] {
  return findingsOf(document).map(({ code, path }) => `${code} ${path}`);
}

/** A definition with nothing but what is given. */
export function graph(nodes: readonly Node[], edges: readonly Edge[] = [], more: Partial<Definition> = {}): Definition {
  return { name: "w", nodes: [...nodes], edges: [...edges], ...more };
}

/** Tasks that read nothing: what comes before them is not read by their silence. */
export function plainTasks(...ids: string[]): Node[] {
  return ids.map((id) => ({ id, type: "task", task: "t", input: null }));
}

/** `"a>b"`, `"a.port>b"`; `"b>>a"` and `"b.port>>a"` lead back. */
export function links(...texts: string[]): Edge[] {
  return texts.map((text) => {
    const [source = "", to = ""] = text.split(/>>?/);
    const [from = "", port] = source.split(".");
    return { from, to, ...(port === undefined ? {} : { port }), ...(text.includes(">>") ? { loop: {} } : {}) };
  });
}
