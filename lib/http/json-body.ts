/** Bodies become plain JSON values here, or a refusal: nothing deeper, larger or stranger than the engine can hold gets past. */
import { isStorable, jsonDepth, MAX_JSON_DEPTH } from "@/lib/contract/json";
import { BODY_BYTES } from "@/lib/contract/limits";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { WireRequest } from "@/lib/http/wire";

const utf8 = new TextDecoder("utf-8", { fatal: true });
/** Only text with one of these can hold a NUL, a lone surrogate or a `__proto__`, so that all other text needs no walk. */
const SUSPICIOUS = /\\u(?:00|[dD][89a-fA-F])|__proto__/;

export interface ParsedBody {
  value: unknown;
  bytes: number;
}

/** @param judgedLater a member whose items the use case checks one by one, so that one bad item spares the others */
export async function readJson(request: WireRequest, judgedLater?: string): Promise<Outcome<ParsedBody>> {
  const type = request.header("content-type");
  if (type !== undefined && !/^application\/json\s*(?:;|$)/i.test(type))
    return refused("UNSUPPORTED_MEDIA_TYPE", `The content type is ${type}; send application/json.`);
  const body = await request.read(BODY_BYTES);
  if (body === "too-large") return refused("PAYLOAD_TOO_LARGE", `A body may have ${BODY_BYTES} bytes.`);
  if (type !== undefined) return parseJson(body, judgedLater);
  // Where everything in a body is optional, no body at all says the same.
  if (body.byteLength === 0) return done({ value: {}, bytes: 0 });
  return refused("UNSUPPORTED_MEDIA_TYPE", "The content type is missing; send application/json.");
}

export function parseJson(body: Uint8Array, judgedLater?: string): Outcome<ParsedBody> {
  if (jsonDepth(body) > MAX_JSON_DEPTH) return refused("INVALID_REQUEST", `JSON may be nested ${MAX_JSON_DEPTH} deep.`);
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(body);
    value = JSON.parse(text);
  } catch (error) {
    return refused("INVALID_JSON", error instanceof SyntaxError ? error.message : "The body is not UTF-8.");
  }
  if (SUSPICIOUS.test(text) && !isStorable(without(value, judgedLater)))
    return refused(
      "INVALID_TEXT",
      "Text may contain no NUL and no lone surrogate, and no member may be named __proto__.",
    );
  return done({ value, bytes: body.byteLength });
}

function without(value: unknown, member: string | undefined): unknown {
  if (member === undefined || typeof value !== "object" || value === null) return value;
  return { ...value, [member]: undefined };
}
