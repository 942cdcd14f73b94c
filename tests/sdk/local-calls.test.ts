/** An http step in process against the server's own: the same goes over the wire, and the same comes of the answer. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NOTHING_ALLOWED, parseAllowList } from "@/lib/engine/http-steps/allow-list";
import { callUrl as callOnServer } from "@/lib/engine/http-steps/call-url";
import { Guard } from "@/lib/engine/http-steps/guard";
import type { JsonValue } from "@/worker-sdk/src/index";
import { callUrl } from "@/worker-sdk/src/local/call-url";

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

let server: http.Server;
let url: string;
let seen: Seen[] = [];
let answer: (response: http.ServerResponse, request: http.IncomingMessage) => void = (response) => response.end();

beforeAll(async () => {
  server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OF_THE_CLIENT.has(name)));
    seen.push({ method: request.method, url: request.url, headers, body });
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** How a connection is kept and compressed is no business of a step. */
const OF_THE_CLIENT = new Set([
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "sec-fetch-mode",
  "transfer-encoding",
]);

async function both(request: JsonValue, timeoutMs = 10_000) {
  const options = { idempotencyKey: "exe_1:call:1", timeoutMs, signal: new AbortController().signal };
  seen = [];
  const onServer = await callOnServer(request, { ...options, guard: new Guard(OPEN) });
  const sentByServer = seen;
  seen = [];
  return { onServer: plain(onServer), sentByServer, local: plain(await callUrl(request, options)), sentLocally: seen };
}

const OPEN = parseAllowList("127.0.0.0/8") ?? NOTHING_ALLOWED;

/** Without the headers that tell of the connection. */
function plain(outcome: unknown): unknown {
  return JSON.parse(JSON.stringify(outcome), (name, value) => (OF_THE_ANSWER.has(name) ? undefined : value));
}
const OF_THE_ANSWER = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

describe("what is sent", () => {
  it.each<[string, object]>([
    ["a plain GET", { url: "/a?b=1#c" }],
    ["a query of scalars and lists", { url: "/", query: { n: 1, yes: true, list: ["a", "b&c"], none: null } }],
    ["a body of JSON", { method: "POST", url: "/", body: { a: [1] } }],
    [
      "a body of text, with a type of its own",
      { method: "PUT", url: "/", body: "x", headers: { "Content-Type": "text/csv" } },
    ],
    [
      "headers of scalars",
      { method: "DELETE", url: "/", headers: { "x-n": 1, authorization: "Bearer x", none: null } },
    ],
    ["HEAD", { method: "HEAD", url: "/" }],
  ])("%s", async (_, { url: path, ...request }: { url?: string }) => {
    const { sentByServer, sentLocally, onServer, local } = await both({
      ...request,
      url: `${url}${path}`,
    } as JsonValue);
    expect(sentLocally).toHaveLength(1);
    expect(sentLocally).toEqual(sentByServer);
    expect(local).toEqual(onServer);
  });

  it.each<[string, JsonValue]>([
    ["no URL", { url: "nowhere" }],
    ["a header that frames the message", { url: "http://example.com", headers: { Host: "x" } }],
    ["a header that is none", { url: "http://example.com", headers: { "a b": "x" } }],
    ["another protocol", { url: "ftp://example.com" }],
    ["credentials in the URL", { url: "http://a:b@example.com" }],
    ["a header twice", { url: "http://example.com", headers: { "X-A": "1", "x-a": "2" } }],
  ])("is refused for %s, in the same words", async (_, request) => {
    const { onServer, local } = await both(request);
    expect(local).toEqual(onServer);
    expect(local).toMatchObject({ error: { code: "HTTP_ERROR", retryable: false } });
  });
});

describe("what comes of the answer", () => {
  it.each<[string, typeof answer]>([
    [
      "JSON",
      (response) => response.writeHead(201, { "content-type": "application/json; charset=utf-8" }).end('{"a":1}'),
    ],
    ["JSON that is none", (response) => response.writeHead(200, { "content-type": "application/json" }).end("{")],
    [
      "text and cookies",
      (response) => response.writeHead(200, { "set-cookie": ["a=1", "b=2"], "x-a": "b" }).end("hello"),
    ],
    ["bytes", (response) => response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([0, 255]))],
    ["nothing", (response) => response.writeHead(204).end()],
    ["404", (response) => response.writeHead(404, { "content-type": "text/plain" }).end("no")],
    ["503", (response) => response.writeHead(503).end("busy")],
    ["429", (response) => response.writeHead(429, { "retry-after": "1" }).end()],
    ["too much", (response) => response.writeHead(200).end("x".repeat(1024 * 1024 + 1))],
    ["a failure with too much", (response) => response.writeHead(500).end("x".repeat(1024 * 1024 + 1))],
    [
      "a redirect",
      (response, { url: path }) =>
        path === "/" ? response.writeHead(302, { location: "/there" }).end() : response.end("there"),
    ],
  ])("%s", async (_, answering) => {
    answer = answering;
    const { onServer, local } = await both({ url: `${url}/` });
    expect(local).toEqual(onServer);
  });

  it("is the same where nobody answers, or not in time", async () => {
    expect(await both({ url: "http://127.0.0.1:1/" })).toMatchObject({
      local: { error: { code: "HTTP_ERROR", details: { reason: "network" } } },
      onServer: { error: { code: "HTTP_ERROR", details: { reason: "network" } } },
    });
    answer = () => {};
    const { onServer, local } = await both({ url: `${url}/` }, 50);
    expect(local).toEqual(onServer);
    expect(local).toMatchObject({ error: { code: "ATTEMPT_TIMEOUT" } });
  });
});
