/** Reading a history from a file: a portable page, or the JSON that an export is. What is neither is refused in a sentence. */
import { portableTexts } from "@/lib/client/texts/portable";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { HistoryExport } from "@/lib/contract/history-export";
import { END_BLOCK, HISTORY_BLOCK, unpack, VERSIONS_BLOCK } from "./packed";

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
  if (text.trimStart().startsWith("<")) return openDocument(new DOMParser().parseFromString(text, "text/html"));
  return { history: readHistory(text), versions: {}, text, madeAt: null };
}

/** Throws {@link NotAHistory}. @param document the portable page itself, or one that was parsed and runs nothing */
export async function openDocument(document: Document): Promise<OpenedFile> {
  const history = document.getElementById(HISTORY_BLOCK)?.textContent;
  if (history === null || history === undefined) throw new NotAHistory(words.other);
  const versions = document.getElementById(VERSIONS_BLOCK)?.textContent;
  const end = document.getElementById(END_BLOCK)?.textContent;
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
