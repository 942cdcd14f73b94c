/** What an http step sends: its evaluated request, checked, as one hop; and the hop that a redirect makes of it. */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";
import { httpNodeSchema } from "@/lib/contract/definition";
import { FRAMING_HEADERS } from "@/lib/contract/http-answers";
import type { JsonValue } from "@/lib/contract/json";
import { CallFailed } from "./call-failed";

export interface Hop {
  method: string;
  url: URL;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
}

const HEADER_BYTES = 16 * 1024;
const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
/** What the templates of a node gave: what was text in the definition may have become any JSON. */
const requestSchema = z.object({
  method: httpNodeSchema.shape.request.shape.method,
  url: z.string().max(8 * 1024),
  headers: z.record(z.string(), scalarSchema.nullable()).optional(),
  query: z.record(z.string(), z.union([scalarSchema.nullable(), z.array(scalarSchema)])).optional(),
  body: z.json().optional(),
});

/** Throws {@link CallFailed} for what cannot be sent. */
export function firstHop(request: JsonValue, idempotencyKey: string): Hop {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) throw invalid(`/${parsed.error.issues[0]?.path.join("/")}: ${parsed.error.issues[0]?.message}`);
  const { method = "GET", body, query = {}, headers = {} } = parsed.data;
  const url = urlOf(parsed.data.url, query);
  return {
    method,
    url,
    headers: {
      accept: "*/*",
      "user-agent": "Cerebelum",
      ...(method === "GET" || method === "HEAD" ? {} : { "idempotency-key": idempotencyKey }),
      ...(body === undefined ? {} : { "content-type": contentType(body) }),
      ...checkedHeaders(headers),
    },
    body: body === undefined ? null : Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

type Scalar = string | number | boolean | null;

/** What the URL says already stays as it is written: it may be signed. */
function urlOf(text: string, query: Record<string, Scalar | Scalar[]>): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw invalid("/url: it is no absolute URL");
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of Array.isArray(value) ? value : [value]) if (each !== null) added.append(name, `${each}`);
  if (added.size > 0) url.search = url.search === "" ? `${added}` : `${url.search}&${added}`;
  url.hash = "";
  return url;
}

function contentType(body: JsonValue): string {
  return typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
}

function checkedHeaders(headers: Record<string, Scalar>): Record<string, string> {
  const checked = new Map<string, string>();
  let bytes = 0;
  for (const [given, value] of Object.entries(headers)) {
    if (value === null) continue;
    const name = given.toLowerCase();
    if (FRAMING_HEADERS.has(name)) throw invalid(`/headers/${name}: this header is set by the server`);
    if (checked.has(name)) throw invalid(`/headers/${name}: named twice`);
    try {
      validateHeaderName(name);
      validateHeaderValue(name, `${value}`);
    } catch {
      throw invalid(`/headers/${name}: not a valid header`);
    }
    checked.set(name, `${value}`);
    bytes += name.length + `${value}`.length;
  }
  if (bytes > HEADER_BYTES) throw invalid(`/headers: together they may have ${HEADER_BYTES} bytes`);
  return Object.fromEntries(checked);
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What of the step's own headers another origin may see; any other could hold a secret. */
const HARMLESS = new Set(["accept", "accept-language", "content-type", "idempotency-key", "user-agent"]);

/** The next hop, by the rules of the fetch standard; null where the answer is no redirect. */
export function redirected(hop: Hop, status: number, location: string | undefined): Hop | null {
  if (!REDIRECTS.has(status) || location === undefined) return null;
  if (!URL.canParse(location, hop.url))
    throw new CallFailed("redirect", `${hop.url.host} redirects to what is no URL.`);
  const url = new URL(location, hop.url);
  url.hash = "";
  const becomesGet =
    status === 303 ? hop.method !== "HEAD" : (status === 301 || status === 302) && hop.method === "POST";
  const headers = Object.entries(hop.headers).filter(
    ([name]) =>
      (url.origin === hop.url.origin || HARMLESS.has(name)) &&
      !(becomesGet && (name.startsWith("content-") || name === "idempotency-key")),
  );
  return {
    method: becomesGet ? "GET" : hop.method,
    url,
    headers: Object.fromEntries(headers),
    body: becomesGet ? null : hop.body,
  };
}

function invalid(what: string): CallFailed {
  return new CallFailed("invalid", `The request cannot be sent. ${what}.`);
}
