/** Checkpoints and log lines as members of a result or a heartbeat: JSON text, put together of texts made before. */
import type { NotedCheckpoint } from "./journal";

export interface Noted {
  checkpoints: readonly NotedCheckpoint[];
  /** JSON texts. */
  logs: readonly string[];
}

/** Each member with a comma before it; nothing where there is nothing. */
export function notedText({ checkpoints, logs }: Noted): string {
  const noted = checkpoints.map(({ name, text }) => `{"name":${JSON.stringify(name)},"value":${text}}`);
  return `${list("checkpoints", noted)}${list("logs", logs)}`;
}

function list(member: string, texts: readonly string[]): string {
  return texts.length === 0 ? "" : `,"${member}":[${texts.join(",")}]`;
}
