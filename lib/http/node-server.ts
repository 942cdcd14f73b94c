/** The transport: Node's own HTTP server, in front of the API routes, sign-in and the pages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CLIENT_ADDRESS_HEADER } from "@/lib/auth/people/auth";
import type { Answer } from "@/lib/http/answer";
import { callApi } from "@/lib/http/api";
import { clientAddress, isOverTls } from "@/lib/http/client-address";
import type { Instance } from "@/lib/http/instance";
import type { WireRequest } from "@/lib/http/wire";

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const HEAD_TIMEOUT_MS = 15_000;
/** For a request to arrive whole; answers may take as long as they like. */
const REQUEST_TIMEOUT_MS = 120_000;
/** Longer than any client's or proxy's usual one, so that a connection is never closed under a request. */
const KEEP_ALIVE_MS = 75_000;

const STRICT_TRANSPORT = "max-age=31536000";

/** For everything that is not a page; pages get theirs, with a content security policy, where they are made. */
const API_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
};

/** @param stopping aborted when the server stops: parked polls and streams end then, and what was asked is still answered */
export function createNodeServer(instance: Instance, pages: NodeHandler | null, stopping: AbortSignal): Server {
  const parked = new Parked(stopping);
  const server = createServer(
    {
      headersTimeout: HEAD_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: 32 * 1024,
      noDelay: true,
    },
    (request, response) => {
      // A request line may hold no path at all ("*") or a whole URL; both are none of ours.
      const url = request.url ?? "/";
      if (isOverTls(request, instance.config)) response.setHeader("strict-transport-security", STRICT_TRANSPORT);
      if (isAuth(url)) void answerAuth(instance, request, response, parked);
      else if (pages === null || isApi(url)) void answerApi(instance, request, response, parked);
      else void answerPage(instance, pages, request, response);
    },
  );
  server.on("listening", () => instance.people.listensAt(addressOf(server, instance.config.host)));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
    const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  return server;
}

/** As it can be put into a link. */
function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  if (host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whoever opens a page keeps their session from ending; the page itself cannot set the cookie. */
async function answerPage(
  instance: Instance,
  pages: NodeHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { cookie, accept } = request.headers;
  if (cookie !== undefined && accept?.includes("text/html")) {
    const renewed = await instance.people.renewal(new Headers({ cookie })).catch(() => []);
    if (renewed.length > 0) response.setHeader("set-cookie", marked(renewed, isSecure(instance, request)));
  }
  await pages(request, response);
}

function isApi(url: string): boolean {
  return url.startsWith("/api/") || /^\/(?:healthz|readyz|metrics)(?:\?|$)/.test(url);
}

function isAuth(url: string): boolean {
  return url.startsWith("/api/auth/");
}

async function answerApi(
  instance: Instance,
  request: IncomingMessage,
  response: ServerResponse,
  parked: Parked,
): Promise<void> {
  const answer = await callApi(instance, new NodeRequest(instance, request, response, parked));
  // A client that keeps its connection would otherwise send its next call to a server that is leaving.
  if (parked.stopped) response.setHeader("connection", "close");
  const isStream = answer.body !== null && typeof answer.body !== "string";
  if (isStream) instance.metrics.streams(1);
  await send(answer, request, response);
  if (isStream) instance.metrics.streams(-1);
}

/** Calls that may have to be woken: all of them end at once when the server stops. */
class Parked extends Set<AbortController> {
  stopped = false;

  constructor(stopping: AbortSignal) {
    super();
    stopping.addEventListener("abort", () => {
      this.stopped = true;
      for (const controller of this) controller.abort();
    });
  }
}

class NodeRequest implements WireRequest {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  #signal: AbortSignal | null = null;

  constructor(
    private readonly instance: Instance,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly parked: Parked,
  ) {
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    this.method = request.method ?? "GET";
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.search = mark === -1 ? "" : url.slice(mark + 1);
  }

  get address(): string | null {
    return clientAddress(this.request, this.instance.config);
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Made when somebody asks: most calls are over before their client could go away. */
  get signal(): AbortSignal {
    this.#signal ??= this.#watch();
    return this.#signal;
  }

  #watch(): AbortSignal {
    const controller = new AbortController();
    const { response, parked } = this;
    parked.add(controller);
    response.once("close", () => {
      parked.delete(controller);
      if (!response.writableFinished) controller.abort();
    });
    if (parked.stopped || response.destroyed) controller.abort();
    return controller.signal;
  }

  /** What is not read here is read and dropped by Node, so that the client hears the refusal before the connection goes. */
  read(limitBytes: number): Promise<Uint8Array | "too-large"> {
    const { request } = this;
    if (Number(request.headers["content-length"] ?? 0) > limitBytes) return Promise.resolve("too-large");
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const onData = (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes <= limitBytes) return void chunks.push(chunk);
        request.off("data", onData);
        resolve("too-large");
      };
      request.on("data", onData);
      request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
      request.once("error", reject);
    });
  }
}

/** A stream is pulled only as fast as the socket takes it, and is told when the client is gone. */
async function send(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = answer;
  if (response.destroyed) return;
  if (body === null || typeof body === "string") {
    // With its length known, head and body leave in one write.
    const length = status === 204 ? {} : { "content-length": Buffer.byteLength(body ?? "") };
    response.writeHead(status, { ...API_HEADERS, ...headers, ...length });
    response.end(body ?? undefined);
    return;
  }
  response.writeHead(status, { ...API_HEADERS, ...headers });
  if (request.method === "HEAD") return void response.end();
  response.flushHeaders();
  try {
    for await (const chunk of body) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch {
    // The status is sent already: a broken stream can only end, and its client resumes after what it got.
    response.destroy();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.once("drain", go);
    response.once("close", go);
  });
}

/** Sign-in speaks Web requests. What the client says about its own address is replaced by what the socket says. */
async function answerAuth(
  instance: Instance,
  request: IncomingMessage,
  response: ServerResponse,
  parked: Parked,
): Promise<void> {
  try {
    const wire = new NodeRequest(instance, request, response, parked);
    const result = await instance.people.handle(await webRequest(request, wire));
    response.statusCode = result.status;
    for (const [name, value] of Object.entries(API_HEADERS)) response.setHeader(name, value);
    for (const [name, value] of result.headers) if (name !== "set-cookie") response.setHeader(name, value);
    const cookies = result.headers.getSetCookie();
    if (cookies.length > 0) response.setHeader("set-cookie", marked(cookies, isSecure(instance, request)));
    response.end(Buffer.from(await result.arrayBuffer()));
  } catch (error) {
    instance.log.error({ error, route: "/api/auth" }, "a sign-in call failed");
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}

/** The page's own origin may tell of a proxy that nobody told the server of: then the cookie stays on TLS all the same. */
function isSecure({ config }: Instance, request: IncomingMessage): boolean {
  return isOverTls(request, config) || (request.headers.origin?.startsWith("https:") ?? false);
}

function marked(cookies: string[], secure: boolean): string[] {
  return cookies.map((cookie) => (secure && !/; *secure(?:;|$)/i.test(cookie) ? `${cookie}; Secure` : cookie));
}

const SIGN_IN_BODY_BYTES = 64 * 1024;

async function webRequest(request: IncomingMessage, wire: WireRequest): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headersDistinct)) {
    if (!name.startsWith(":") && value !== undefined) headers.set(name, value.join(name === "cookie" ? "; " : ", "));
  }
  headers.set(CLIENT_ADDRESS_HEADER, wire.address ?? "");
  const encrypted = "encrypted" in request.socket && request.socket.encrypted === true;
  const url = new URL(request.url ?? "/", `${encrypted ? "https" : "http"}://${request.headers.host ?? "localhost"}`);
  const body = await wire.read(SIGN_IN_BODY_BYTES);
  if (body === "too-large") return new Request(url, { method: request.method, headers: bodyless(headers) });
  const withBody = body.byteLength > 0;
  return new Request(url, { method: request.method, headers, body: withBody ? Buffer.from(body) : undefined });
}

function bodyless(headers: Headers): Headers {
  headers.delete("content-length");
  headers.delete("content-type");
  return headers;
}
