/** The file that a server exports a history as, alone or within a portable page, and whether a text is one. */
import { gunzipSync } from "node:zlib";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { blocksIn, HISTORY_BLOCK } from "@/lib/contract/portable-page";

export interface HistoryFile {
  format: 1;
  execution: { id: string; namespaceId: number; status: string; sequence: number; head: string };
  events: Pick<HistoryEvent, "sequence" | "type" | "at" | "actor" | "command" | "data">[];
  values: Record<string, JsonValue>;
  signatures: { sequence: number; keyId: string; head: string; signature: string }[];
  /** `publicKey`: SPKI, DER, in base64. */
  keys: { id: string; publicKey: string }[];
}

export class NotAHistory extends Error {
  override name = "NotAHistory";
}

/** Throws {@link NotAHistory}, in one sentence, where it is none that this version reads. */
export function readHistoryFile(text: string): HistoryFile {
  const file = parsed(text.trimStart().startsWith("<") ? exportIn(text) : text);
  if (!isRecord(file) || typeof file.format !== "number") throw new NotAHistory("This is not an exported history.");
  if (file.format !== 1)
    throw new NotAHistory(`This is an export in format ${file.format}, and this version reads format 1.`);
  const { execution, events, values, signatures, keys } = file;
  const whole =
    has(execution, { id: "string", namespaceId: "number", status: "string", sequence: "number", head: "string" }) &&
    isRecord(values) &&
    all(events, {
      sequence: "number",
      type: "string",
      at: "string",
      actor: "string",
      command: "number",
      data: "object",
    }) &&
    all(signatures, { sequence: "number", keyId: "string", head: "string", signature: "string" }) &&
    all(keys, { id: "string", publicKey: "string" });
  if (!whole) throw new NotAHistory("Parts of the exported history are missing, or are not what they should be.");
  return file as unknown as HistoryFile;
}

/** Two could say different things to whoever looks at the page and to whoever checks it. */
function exportIn(page: string): string {
  const [block, ...more] = blocksIn(page, HISTORY_BLOCK);
  if (block === undefined) throw new NotAHistory("This page holds no history.");
  if (more.length > 0) throw new NotAHistory("This page holds more than one history: it was changed.");
  try {
    return gunzipSync(Buffer.from(block, "base64")).toString("utf8");
  } catch {
    throw new NotAHistory("The history in this page cannot be unpacked: it was cut off or damaged.");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotAHistory("This is not JSON: it was cut off, or is another file.");
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function has(value: unknown, members: Record<string, "string" | "number" | "object">): boolean {
  return (
    isRecord(value) &&
    Object.entries(members).every(([name, type]) => typeof value[name] === type && value[name] !== null)
  );
}

function all(list: unknown, members: Record<string, "string" | "number" | "object">): boolean {
  return Array.isArray(list) && list.every((item) => has(item, members));
}
