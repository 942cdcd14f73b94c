// A real server on a port of its own over a real database, and a client that knows no more than the API's description.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readConfig } from "@/lib/config";
import { openInstance } from "@/lib/http/instance";
import { createNodeServer } from "@/lib/http/node-server";
import { openLog } from "@/lib/log";
import { createDatabase, type TestDatabase } from "../support/postgres";

export const API_KEY = "test-key-with-all-scopes";
export const ADMIN = { email: "admin@example.com", password: "correct horse battery" };

export interface TestServer {
  url: string;
  databaseUrl: string;
  instance: Awaited<ReturnType<typeof openInstance>>["instance"];
  /** Calls with the API key, unless `key` says otherwise; `null` sends none. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<TestAnswer>;
  /** What a stop does to parked polls and streams. */
  stopping: AbortController;
  close(): Promise<void>;
}

export interface CallOptions {
  key?: string | null;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the client trusts the description, not the types; each test says what it expects
  body: any;
}

export interface ServerOptions {
  /** Beside those that every test server has. */
  settings?: Record<string, string>;
  /** One that outlives the server; else it has one of its own. */
  database?: TestDatabase;
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const database = options.database ?? (await createDatabase());
  const config = readConfig({
    DATABASE_URL: database.connectionString,
    CEREBELUM_ADMIN_EMAIL: ADMIN.email,
    CEREBELUM_ADMIN_PASSWORD: ADMIN.password,
    CEREBELUM_API_KEY: API_KEY,
    CEREBELUM_LOG_LEVEL: "error",
    ...options.settings,
  });
  const { instance } = await openInstance(config, openLog(config.logLevel));
  const stopping = new AbortController();
  const server = createNodeServer(instance, null, stopping.signal);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    databaseUrl: database.connectionString,
    instance,
    stopping,
    call: (method, path, body, options) => call(url, method, path, body, options),
    async close() {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      await instance.close();
      if (options.database === undefined) await database.drop();
    },
  };
}

async function call(
  url: string,
  method: string,
  path: string,
  body: unknown,
  options: CallOptions = {},
): Promise<TestAnswer> {
  const { key = API_KEY, headers = {}, signal } = options;
  const response = await fetch(`${url}${path.startsWith("/") ? path : `/api/v1/${path}`}`, {
    method,
    signal,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Server-sent events as they come: `{ id, event, data }`, comments left out. */
export async function* readStream(
  response: Response,
): AsyncGenerator<{ id: string | undefined; event: string; data: string }> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const messages = rest.split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(message)?.[1];
      const event = field("event");
      if (event !== undefined) yield { id: field("id"), event, data: field("data") ?? "" };
    }
  }
}

let names = 0;

/** Two tasks, one after the other, under a name of its own. */
export function twoSteps(more: object = {}): { name: string; nodes: object[]; edges: object[] } {
  names += 1;
  return {
    name: `two_steps_${names}`,
    nodes: [
      { id: "first", type: "task", task: "greet", input: { name: "=input.name" }, retry: { maxAttempts: 1 } },
      { id: "second", type: "task", task: "shout", input: "=steps.first.output" },
    ],
    edges: [{ from: "first", to: "second" }],
    ...more,
  };
}
