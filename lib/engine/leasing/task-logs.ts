/**
 * What handlers logged, as far as it is kept: each line judged and cut by itself, the oldest of an execution dropped once it has
 * too many. Written beside the history after the message was taken and before it is acknowledged: best effort.
 */
import { addStepLogs, type LogChunk } from "@/db/stores/step-logs";
import { isStorable } from "@/lib/contract/json";
import { LOG_BYTES_AN_EXECUTION, LOG_LINE_BYTES, LOG_LINES_AN_EXECUTION } from "@/lib/contract/limits";
import { type LogLine, logLineSchema } from "@/lib/contract/logs";
import { storableText } from "@/lib/core/expressions/storable-text";
import type { Services } from "../services";
import type { TaskPlace } from "./lease-facts";
import { jsonBytes } from "./payload-fit";

export interface ReadLogs {
  lines: readonly LogLine[];
  /** Some could not be read, and are left out. */
  code?: "INVALID_LOGS";
}

export function readLogs(sent: unknown): ReadLogs {
  if (sent === undefined) return { lines: [] };
  if (!Array.isArray(sent)) return { lines: [], code: "INVALID_LOGS" };
  const read = sent.slice(-LOG_LINES_AN_EXECUTION).map((line) => logLineSchema.safeParse(line));
  const lines = read.flatMap(({ data }) => data ?? []);
  return lines.length === read.length ? { lines } : { lines, code: "INVALID_LOGS" };
}

export interface Logged {
  executionId: bigint;
  taskId: bigint;
  place: TaskPlace;
  lines: readonly LogLine[];
}

/** Where the database is away, the lines are lost and the message is not. */
export async function writeLogs(
  { db, log }: Pick<Services, "db" | "log">,
  namespaceId: number,
  logged: readonly Logged[],
): Promise<void> {
  const chunks = logged.filter(({ lines }) => lines.length > 0).map(chunkOf);
  if (chunks.length === 0) return;
  const most = { lines: LOG_LINES_AN_EXECUTION, bytes: LOG_BYTES_AN_EXECUTION };
  await addStepLogs(db, namespaceId, chunks, most).catch((error: unknown) =>
    log.warn({ error, chunks: chunks.length }, "what workers logged was lost"),
  );
}

function chunkOf({ executionId, taskId, place, lines: sent }: Logged): LogChunk {
  const lines = newestThatFit(sent);
  const body = `[${lines.join(",")}]`;
  const { node, iteration, index = null, attempt } = place;
  const size = { lines: lines.length, bytes: Buffer.byteLength(body) };
  return { executionId, taskId, node, iteration, index, attempt, ...size, body };
}

/** JSON texts, oldest first. */
function newestThatFit(lines: readonly LogLine[]): string[] {
  const texts: string[] = [];
  let bytes = 2;
  for (const line of lines.toReversed()) {
    const text = JSON.stringify(keptLine(line));
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > LOG_BYTES_AN_EXECUTION) break;
    texts.push(text);
  }
  return texts.reverse();
}

type KeptLine = LogLine & { truncated?: true };

/** Fields that are too much, or that no database keeps, go before any of the text does. */
function keptLine({ at, level, text, fields }: LogLine): KeptLine {
  const plain = { at: new Date(at).toISOString(), level, text: storableText(text, LOG_LINE_BYTES) };
  const whole = fields === undefined ? plain : { ...plain, fields };
  if ((fields === undefined || isStorable(fields)) && fits(whole)) return whole;
  let kept: KeptLine = { ...plain, truncated: true };
  // How many bytes a character takes as JSON differs: one to six.
  while (!fits(kept)) kept = { ...kept, text: storableText(kept.text, Math.floor(kept.text.length * 0.8)) };
  return kept;
}

function fits(line: KeptLine): boolean {
  return jsonBytes(line) <= LOG_LINE_BYTES;
}
