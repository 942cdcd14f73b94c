// A server to be called, on a free port of this machine, and calls of it as an http step makes them.
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";
import type { JsonValue } from "@/lib/contract/json";
import { NOTHING_ALLOWED, parseAllowList } from "@/lib/engine/http-steps/allow-list";
import { type CallOptions, type CallOutcome, callUrl } from "@/lib/engine/http-steps/call-url";
import { Guard, type Resolve } from "@/lib/engine/http-steps/guard";

export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface TestServer {
  url: string;
  port: number;
  /** Every request, in order, its body read. */
  seen: Seen[];
  /** Resolves once no client is connected. */
  deserted(): Promise<void>;
  close(): Promise<void>;
}

export async function serve(answer: RequestListener): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    answer(request, response);
  });
  const connected = watchSockets(server);
  return { ...(await listening(server)), seen, ...connected };
}

/** Speaks no HTTP: takes connections and hands them over. */
export async function serveSockets(onSocket: (socket: Socket) => void): Promise<Omit<TestServer, "seen">> {
  const server = createSocketServer(onSocket);
  const connected = watchSockets(server);
  return { ...(await listening(server)), ...connected };
}

type Listener = ReturnType<typeof createSocketServer>;

async function listening(server: Listener): Promise<{ url: string; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}` };
}

function watchSockets(server: Listener): Pick<TestServer, "deserted" | "close"> {
  const sockets = new Set<Socket>();
  let onGone = () => {};
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) onGone();
    });
  });
  return {
    async deserted() {
      if (sockets.size > 0) await new Promise<void>((resolve) => (onGone = resolve));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A guard that lets this machine be called, and takes names from a table instead of asking anybody. */
export function guardFor(names: Record<string, string[]> | Resolve = {}, allowed = "127.0.0.1"): Guard {
  const allow = allowed === "" ? NOTHING_ALLOWED : parseAllowList(allowed);
  if (allow === null) throw new Error(`wrong: ${allowed}`);
  return new Guard(allow, typeof names === "function" ? names : resolveFrom(names));
}

function resolveFrom(names: Record<string, string[]>): Resolve {
  return async (hostname) => {
    const addresses = names[hostname];
    if (addresses === undefined) throw Object.assign(new Error(`no ${hostname}`), { code: "ENOTFOUND" });
    return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  };
}

export function call(request: JsonValue, options: Partial<CallOptions> = {}): Promise<CallOutcome> {
  return callUrl(request, {
    guard: guardFor(),
    idempotencyKey: "key-of-the-step",
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    ...options,
  });
}
