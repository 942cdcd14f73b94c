// A server over a database of its own that looks like the one the fixture filled: as often as one likes, from one filling.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Client } from "pg";
import { inject } from "vitest";
import { readConfig } from "@/lib/config";
import { type Instance, openInstance } from "@/lib/http/instance";
import { createNodeServer } from "@/lib/http/node-server";
import { type Log, openLog } from "@/lib/log";
import { at, TEMPLATE } from "../../support/postgres";
import { ADMIN, API_KEY } from "../support";

export interface World {
  url: string;
  database: string;
  instance: Instance;
  send(call: Sent): Promise<Received>;
  /** @param drop false: the database stays, to be the template of others */
  close(drop?: boolean): Promise<void>;
}

/** A call as it goes over the wire. */
export interface Sent {
  method: string;
  /** From the root, with its query. */
  path: string;
  headers: Record<string, string>;
  body?: unknown;
}

export interface Received {
  status: number;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each place that looks at it says what it expects
  body: any;
}

interface WorldOptions {
  /** The database that it begins as a copy of; nothing may be connected to it. */
  template?: string;
  log?: Log;
}

/** Its engine is off: nothing happens but what is asked for. */
export async function openWorld({ template = TEMPLATE, log = openLog("silent") }: WorldOptions = {}): Promise<World> {
  const cluster = inject("postgres");
  const database = `world_${randomBytes(6).toString("hex")}`;
  await administer(`CREATE DATABASE ${database} TEMPLATE ${template}`);
  const config = readConfig({
    DATABASE_URL: at(cluster, database),
    CEREBELUM_ENGINE: "off",
    CEREBELUM_ADMIN_EMAIL: ADMIN.email,
    CEREBELUM_ADMIN_PASSWORD: ADMIN.password,
    CEREBELUM_API_KEY: API_KEY,
  });
  const { instance } = await openInstance(config, log);
  const stopping = new AbortController();
  const server = createNodeServer(instance, null, stopping.signal);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    database,
    instance,
    // A connection kept to an earlier world on the same port is found closed, before anything was asked.
    send: (call) => send(url, call).catch(() => send(url, call)),
    async close(drop = true) {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      await instance.close();
      if (drop) await dropDatabase(database);
    },
  };
}

export function dropDatabase(database: string): Promise<void> {
  return administer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
}

async function administer(sql: string): Promise<void> {
  const client = new Client({ connectionString: inject("postgres") });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** No call of a walk waits for anything: one that is not answered by then will not be. */
const ANSWERED_WITHIN_MS = 40_000;

/** Streams are read to their first event and left. Rejects where there is no answer. */
async function send(url: string, sent: Sent): Promise<Received> {
  const left = new AbortController();
  const timer = setTimeout(() => left.abort(), ANSWERED_WITHIN_MS);
  try {
    return await sendUntil(url, sent, left);
  } finally {
    clearTimeout(timer);
  }
}

async function sendUntil(url: string, { method, path, headers, body }: Sent, left: AbortController): Promise<Received> {
  const response = await fetch(url + path, {
    method,
    redirect: "manual",
    signal: left.signal,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    const first = await response.body?.getReader().read();
    left.abort();
    return { status: response.status, text: new TextDecoder().decode(first?.value), body: null };
  }
  const text = await response.text();
  return { status: response.status, text, body: /[/+]json/.test(type) && text !== "" ? JSON.parse(text) : null };
}
