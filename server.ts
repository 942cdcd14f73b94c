/**
 * The process: settings, migrations, engine, pages, one HTTP server; and the way out. On SIGTERM, SIGINT, or when the
 * launcher is gone it is not ready any more, serves on for as long as is set, then stops listening, lets parked polls and
 * streams end, commits what was submitted, and exits with 0.
 */
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { migrate } from "@/db/migrate";
import type { MadeUp } from "@/lib/auth/first-start";
import { type Config, readConfig, WrongSetting } from "@/lib/config";
import { setCurrentInstance } from "@/lib/http/current-instance";
import { type Instance, openInstance } from "@/lib/http/instance";
import { createNodeServer, type NodeHandler } from "@/lib/http/node-server";
import { pageHeaders } from "@/lib/http/page-headers";
import { WayOut } from "@/lib/http/way-out";
import { openLog } from "@/lib/log";

/** What is still being answered by then is cut off. */
const STOP_WITHIN_MS = 10_000;
/** Tells the launcher that another try would end the same way. The number is BSD's EX_CONFIG. */
const EXIT_WRONG_SETTING = 78;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config.logLevel);
  const wayOut = new WayOut(() => delay(config.drainMs));
  const stopped = new Promise<void>((resolve) => wayOut.stopping.addEventListener("abort", () => resolve()));
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => wayOut.tell());
  process.on("disconnect", () => wayOut.stop());

  await migrate({ connectionString: config.databaseUrl, migrationsFolder: join(process.cwd(), "db", "migrations") });
  const { instance, madeUp } = await openInstance(config, log);
  setCurrentInstance(instance);
  leaveWith(wayOut.leaving, instance);
  // Loading Next.js takes as long as all the rest: workers and clients need not wait for it, only pages do.
  let pagesLoaded = (_pages: Pages) => {};
  const loading = new Promise<Pages>((resolve) => {
    pagesLoaded = resolve;
  });
  const render: NodeHandler = async (request, response) => (await loading).handle(request, response);
  const server = createNodeServer(instance, render, wayOut.stopping);
  const url = await listen(server, config);
  welcome(url, madeUp, config);
  process.send?.({ url });
  const pages = await openPages();
  pagesLoaded(pages);
  if (pages.upgrade !== null) server.on("upgrade", pages.upgrade);

  await stopped;
  await closeServer(server);
  await instance.close();
  process.exit(0);
}

/** It may have been told before it could serve. */
function leaveWith(leaving: AbortSignal, instance: Pick<Instance, "leave">): void {
  if (leaving.aborted) instance.leave();
  else leaving.addEventListener("abort", () => instance.leave());
}

type UpgradeHandler = Parameters<Server["on"]>[1];

interface Pages {
  handle: NodeHandler;
  /** Reload in development; null where there is none. */
  upgrade: UpgradeHandler | null;
}

async function openPages(): Promise<Pages> {
  // Next.js would end the process at a signal, before anything was closed. Read when it is loaded.
  process.env.NEXT_MANUAL_SIG_HANDLE = "true";
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  const { default: next } = await import("next");
  const dev = process.env.NODE_ENV !== "production";
  const app = next({ dev, dir: process.cwd() });
  await app.prepare();
  const render = app.getRequestHandler();
  return {
    handle(request, response) {
      const nonce = randomBytes(16).toString("base64");
      const headers = pageHeaders(nonce, dev);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      // Next.js takes the nonce for its own scripts from here.
      request.headers["content-security-policy"] = headers["content-security-policy"];
      return render(request, response);
    },
    upgrade: dev ? app.getUpgradeHandler() : null,
  };
}

function listen(server: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new WrongSetting(`PORT ${port} is in use by another process`) : error),
    );
    server.listen(port, host, () => {
      const name = host.includes(":") ? `[${host}]` : host;
      resolve(`http://${name}:${(server.address() as AddressInfo).port}`);
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const cut = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
  server.closeIdleConnections();
  await closed;
  clearTimeout(cut);
}

function welcome(url: string, { admin, apiKey }: MadeUp, config: Config): void {
  const lines = ["", `  Cerebelum is at ${url}`, ""];
  if (admin !== null) lines.push(`  Sign in as     ${admin.email}`, `  with password  ${admin.password}`);
  if (apiKey !== null) lines.push(`  API key        ${apiKey}`);
  if (admin !== null || apiKey !== null) lines.push("", "  Keep what stands above: it is shown this once.", "");
  if (apiKey !== null) {
    lines.push("  Try it:", `    curl -H "Authorization: Bearer ${apiKey}" ${url}/api/v1/workflows`, "");
    lines.push("  A first workflow in five minutes: README.md", "");
  }
  if (config.engine === "off") lines.push("  The engine is off here: timers and sweeps need another process.", "");
  process.stdout.write(`${lines.join("\n")}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof WrongSetting ? error.message : reportOf(error)}\n\n`);
  process.exit(error instanceof WrongSetting ? EXIT_WRONG_SETTING : 1);
});

function reportOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
