/**
 * The dumbest load balancer: one address, requests in turn to whoever is in. It repeats nothing: a server that cannot be
 * reached is out and its request is answered 502; an answer that breaks off is cut for the client too. A probe brings back in
 * whoever accepts connections again.
 */
import { once } from "node:events";
import http from "node:http";
import { type AddressInfo, connect } from "node:net";

const PROBE_EVERY_MS = 100;

export interface Traffic {
  requests: number;
  /** Requests by the port that they went to. */
  to: Map<number, number>;
  /** Answered 502 here, for no server could be reached or none answered. */
  badGateways: number;
  /** Answers that broke off after they had begun. */
  cut: number;
  /** Answers of 500 and above that servers gave themselves, by status. */
  troubled: Map<number, number>;
  /** Calls that change something: idempotency keys that were seen. */
  changes: number;
  /** Requests with an idempotency key that was seen before. */
  repeated: number;
}

export class Balancer {
  readonly traffic: Traffic = {
    requests: 0,
    to: new Map(),
    badGateways: 0,
    cut: 0,
    troubled: new Map(),
    changes: 0,
    repeated: 0,
  };
  readonly #in: number[] = [];
  readonly #out = new Set<number>();
  readonly #seen = new Set<string>();
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #server = http.createServer((request, response) => this.#pass(request, response));
  readonly #probe = setInterval(() => this.#lookForThoseWhoAreOut(), PROBE_EVERY_MS);
  #turn = 0;

  static async over(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer();
    balancer.#in.push(...ports);
    balancer.#server.keepAliveTimeout = 75_000;
    balancer.#server.listen(0, "127.0.0.1");
    await once(balancer.#server, "listening");
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  add(port: number): void {
    this.#in.push(port);
  }

  async close(): Promise<void> {
    clearInterval(this.#probe);
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await closed;
  }

  #pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.traffic.requests++;
    this.#note(request.headers["idempotency-key"]);
    const port = this.#in[this.#turn++ % this.#in.length];
    if (port === undefined) this.#badGateway(response);
    else this.#passTo(port, request, response);
  }

  #passTo(port: number, request: http.IncomingMessage, response: http.ServerResponse): void {
    this.traffic.to.set(port, (this.traffic.to.get(port) ?? 0) + 1);
    const { method, url: path, headers } = request;
    const onward = http.request({ agent: this.#agent, host: "127.0.0.1", port, method, path, headers });
    onward.on("response", (answer) => {
      const status = answer.statusCode ?? 500;
      if (status >= 500) this.traffic.troubled.set(status, (this.traffic.troubled.get(status) ?? 0) + 1);
      // Whoever leaves closes its connection to this process; the client's is with this process.
      const { connection: _, ...kept } = answer.headers;
      response.writeHead(status, kept);
      answer.pipe(response);
      answer.on("error", () => {
        this.traffic.cut++;
        response.destroy();
      });
    });
    onward.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") this.#takeOut(port);
      if (response.destroyed) return;
      if (response.headersSent) response.destroy();
      else this.#badGateway(response);
    });
    request.on("error", () => onward.destroy());
    response.on("close", () => {
      if (!response.writableFinished) onward.destroy();
    });
    request.pipe(onward);
  }

  #badGateway(response: http.ServerResponse): void {
    this.traffic.badGateways++;
    response.writeHead(502, { "content-length": "0" }).end();
  }

  #note(key: string | string[] | undefined): void {
    if (typeof key !== "string") return;
    if (this.#seen.has(key)) this.traffic.repeated++;
    else this.traffic.changes = this.#seen.add(key).size;
  }

  #takeOut(port: number): void {
    const at = this.#in.indexOf(port);
    if (at === -1) return;
    this.#in.splice(at, 1);
    this.#out.add(port);
  }

  #lookForThoseWhoAreOut(): void {
    for (const port of this.#out) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.on("connect", () => {
        socket.destroy();
        if (this.#out.delete(port)) this.#in.push(port);
      });
    }
  }
}
