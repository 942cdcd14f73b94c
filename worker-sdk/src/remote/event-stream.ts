/** Server-Sent Events, read from a byte stream: one message at a time, comments left out. */

export interface StreamMessage {
  id: string | undefined;
  event: string;
  data: string;
}

/** Ends when the stream ends; a message cut off in its middle is dropped. */
export async function* readEventStream(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder();
  let rest = "";
  let message: { id?: string; event?: string; data: string[] } = { data: [] };
  for await (const chunk of chunks) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") {
        readField(line, message);
        continue;
      }
      if (message.data.length > 0 || message.event !== undefined)
        yield { id: message.id, event: message.event ?? "message", data: message.data.join("\n") };
      message = { data: [] };
    }
  }
}

function readField(line: string, message: { id?: string; event?: string; data: string[] }): void {
  const colon = line.indexOf(":");
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "data") message.data.push(value);
  else if (field === "id") message.id = value;
  else if (field === "event") message.event = value;
}
