/** Reading a history from a file: a portable page, or the JSON that an export is. What is neither is refused in a sentence. */
import { portableTexts } from "@/lib/client/texts/portable";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { HistoryExport } from "@/lib/contract/history-export";
import { blocksIn, END_BLOCK, HISTORY_BLOCK, VERSIONS_BLOCK } from "@/lib/contract/portable-page";
import { unpack } from "./packed";

const words = portableTexts.refusals;

export interface HistoryFile extends Omit<HistoryExport, "events" | "definition"> {
  definition: Definition;
  events: HistoryEvent[];
}

/** By their numbers: of versions that the history went by beside the one it ends with. */
export type OtherVersions = Readonly<Record<string, Definition>>;

export interface OpenedFile {
  history: HistoryFile;
  versions: OtherVersions;
  /** The export, to the byte: for whoever verifies it elsewhere. */
  text: string;
  /** Null where the file does not say when it was made. */
  madeAt: string | null;
}

/** Its message is for the reader. */
export class NotAHistory extends Error {
  override name = "NotAHistory";
}

/** Throws {@link NotAHistory}. */
export async function openFile(file: Blob): Promise<OpenedFile> {
  const text = await file.text();
  // Read as text: parsed as a document, even one that is never shown, its styles and scripts would break the page's policy.
  if (text.trimStart().startsWith("<")) return openBlocks((id) => blocksIn(text, id));
  return { history: readHistory(text), versions: {}, text, madeAt: null };
}

/** Throws {@link NotAHistory}. @param document the portable page itself */
export async function openDocument(document: Document): Promise<OpenedFile> {
  return openBlocks((id) =>
    Array.from(document.querySelectorAll(`script#${id}`), ({ textContent }) => textContent ?? ""),
  );
}

async function openBlocks(blocks: (id: Parameters<typeof blocksIn>[1]) => string[]): Promise<OpenedFile> {
  const [history, ...more] = blocks(HISTORY_BLOCK);
  if (history === undefined) throw new NotAHistory(words.other);
  if (more.length > 0) throw new NotAHistory(words.several);
  const [versions] = blocks(VERSIONS_BLOCK);
  const [end] = blocks(END_BLOCK);
  if (!versions || !end) throw new NotAHistory(words.cut);
  const [text, others] = await Promise.all([unpack(history), unpack(versions)]).catch(() => {
    throw new NotAHistory(words.cut);
  });
  const { madeAt } = parsed(end) as { madeAt: string };
  return { history: readHistory(text), versions: parsed(others) as OtherVersions, text, madeAt };
}

/** Throws {@link NotAHistory}. */
export function readHistory(text: string): HistoryFile {
  const file = parsed(text);
  if (!isRecord(file) || typeof file.format !== "number") throw new NotAHistory(words.other);
  if (file.format !== 1) throw new NotAHistory(words.newer(file.format));
  const { execution, definition, events, values, signatures, keys } = file;
  const isWhole =
    has(execution, { id: "string", workflow: "string", version: "number", status: "string", sequence: "number" }) &&
    has(execution, { head: "string", namespace: "string", namespaceId: "number" }) &&
    has(definition, { name: "string", nodes: "object" }) &&
    isRecord(values) &&
    all(events, { sequence: "number", type: "string", at: "string", actor: "string", command: "number" }) &&
    all(events, { data: "object" }) &&
    all(signatures, { sequence: "number", keyId: "string", head: "string", signature: "string" }) &&
    all(keys, { id: "string", publicKey: "string" });
  if (!isWhole) throw new NotAHistory(words.parts);
  if ((events as HistoryEvent[]).some(({ sequence }, index) => sequence !== index + 1))
    throw new NotAHistory(words.gaps);
  return file as unknown as HistoryFile;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotAHistory(words.other);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Members = Record<string, "string" | "number" | "object">;

function has(value: unknown, members: Members): boolean {
  return (
    isRecord(value) &&
    Object.entries(members).every(([name, type]) => typeof value[name] === type && value[name] !== null)
  );
}

function all(list: unknown, members: Members): boolean {
  return Array.isArray(list) && list.every((item) => has(item, members));
}
