/** What http steps send and take, the same from a server and in process. */
import { isStorable, isStorableText, type JsonValue, jsonDepth, MAX_JSON_DEPTH } from "./json";

/** Headers that frame the message or the connection: a second opinion on those is how requests are smuggled. */
export const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Whether an answer with that status may be another one a little later. */
export function isWorthAnotherTry(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * An answer's body as a value of a history: JSON where it says so, text where it is text, else its bytes in base64;
 * null for an empty body. JSON that is none, or that no history can hold, stays text; text with a NUL, and whatever is
 * neither, is `{base64}`.
 */
export function bodyValue(bytes: Buffer, contentType: string | undefined): JsonValue {
  if (bytes.length === 0) return null;
  const [type = "", ...parameters] = (contentType ?? "").split(";").map((part) => part.trim().toLowerCase());
  const json = JSON_TYPE.test(type) ? parsed(bytes) : undefined;
  if (json !== undefined) return json;
  const text = type === "" || TEXT_TYPE.test(type) || JSON_TYPE.test(type) ? decoded(bytes, type, parameters) : null;
  return text !== null && isStorableText(text) ? text : { base64: bytes.toString("base64") };
}

const JSON_TYPE = /^application\/json$|^text\/json$|\+json$/;
const TEXT_TYPE =
  /^text\/|\+xml$|^application\/(?:xml|javascript|ecmascript|graphql|sql|toml|(?:x-)?yaml|x-ndjson|jsonl|json-seq|x-www-form-urlencoded)$/;

function parsed(bytes: Buffer): JsonValue | undefined {
  if (jsonDepth(bytes) > MAX_JSON_DEPTH) return undefined;
  try {
    const value: JsonValue = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isStorable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What says that it is text may have a wrong byte; what does not say what it is, may not. */
function decoded(bytes: Buffer, type: string, parameters: readonly string[]): string | null {
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  try {
    return new TextDecoder(charset?.replaceAll('"', "") ?? "utf-8", { fatal: type === "" }).decode(bytes);
  } catch {
    return null;
  }
}
