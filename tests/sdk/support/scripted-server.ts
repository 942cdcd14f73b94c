/** A server of which the test plays the part: real sockets, each request waits until the test answers or drops it. */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export class ReceivedRequest {
  /** Resolves when the other side has given up waiting. */
  readonly gone: Promise<void>;

  constructor(
    readonly method: string,
    /** Without `/api/v1`. */
    readonly path: string,
    readonly headers: http.IncomingHttpHeaders,
    private readonly text: string,
    private readonly response: http.ServerResponse,
  ) {
    this.gone = new Promise((resolve) => response.on("close", () => resolve()));
  }

  json<T = Record<string, unknown>>(): T {
    return JSON.parse(this.text) as T;
  }

  answer(status: number, body?: unknown, headers: Record<string, string> = {}): void {
    this.response.writeHead(status, { "content-type": "application/json", ...headers });
    this.response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  refuse(status: number, code: string, headers: Record<string, string> = {}): void {
    this.answer(status, { type: "about:blank", title: code, status, code, requestId: "req_1" }, headers);
  }

  /** Part of an answer whose end comes later, or never. */
  write(text: string, headers: Record<string, string> = {}): void {
    if (!this.response.headersSent) this.response.writeHead(200, headers);
    this.response.write(text);
  }

  end(): void {
    this.response.end();
  }

  /** As a network does that loses the answer. */
  drop(): void {
    this.response.socket?.destroy();
  }
}

type Matcher = (request: ReceivedRequest) => boolean;

export class ScriptedServer {
  private readonly server: http.Server;
  private readonly waiting: ReceivedRequest[] = [];
  private readonly waiters: { matches: Matcher; resolve: (request: ReceivedRequest) => void }[] = [];
  /** Everything that came, in order. */
  readonly log: ReceivedRequest[] = [];

  private constructor() {
    this.server = http.createServer((request, response) => void this.receive(request, response));
  }

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    await scripted.listen(0);
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /**
   * The next request that matches and was not asked for yet, or a failure after ten seconds that says what did come.
   * @param method `*`: any
   */
  async next(method: string, path: string | RegExp, also: Matcher = () => true): Promise<ReceivedRequest> {
    const matches: Matcher = (request) =>
      (method === "*" || request.method === method) &&
      (typeof path === "string" ? request.path === path : path.test(request.path)) &&
      also(request);
    const found = this.waiting.findIndex(matches);
    if (found >= 0) return this.waiting.splice(found, 1)[0] as ReceivedRequest;
    const timeout = new AbortController();
    return Promise.race([
      new Promise<ReceivedRequest>((resolve) => this.waiters.push({ matches, resolve })),
      delay(10_000, undefined, { signal: timeout.signal }).then(() => {
        const came = this.log.map((request) => `${request.method} ${request.path}`).join("\n  ");
        throw new Error(`No ${method} ${path} came. What came:\n  ${came}`);
      }),
    ]).finally(() => timeout.abort());
  }

  /** Requests that came and were not asked for. */
  unexpected(method: string, path: RegExp): ReceivedRequest[] {
    return this.waiting.filter((request) => request.method === method && path.test(request.path));
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, "close");
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
  }

  private async receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const path = (request.url ?? "").replace("/api/v1", "");
    const text = Buffer.concat(chunks).toString();
    const received = new ReceivedRequest(request.method ?? "", path, request.headers, text, response);
    this.log.push(received);
    const waiter = this.waiters.findIndex(({ matches }) => matches(received));
    if (waiter >= 0) this.waiters.splice(waiter, 1)[0]?.resolve(received);
    else this.waiting.push(received);
  }
}
