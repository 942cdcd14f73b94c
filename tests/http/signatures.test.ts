// A real export, checked by the real command without a server; and what the server itself says of its signatures.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { historyExportSchema } from "@/lib/contract/history-export";
import { refusal } from "./client";
import { addKey } from "./namespaces";
import { startServer, type TestServer } from "./support";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let server: TestServer;
let folder: string;
let command: string;
let fingerprint: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerebelum-verify-"));
  command = join(folder, "verify.mjs");
  const [opened] = await Promise.all([
    startServer(),
    build({
      absWorkingDir: ROOT,
      entryPoints: ["worker-sdk/src/verify/cli.ts"],
      outfile: command,
      bundle: true,
      platform: "node",
      format: "esm",
    }),
  ]);
  server = opened;
  fingerprint = (await server.call("GET", "signing-keys")).body.items[0].fingerprint;
  const definition = {
    name: "wide",
    nodes: [
      { id: "first", type: "transform", value: "=input" },
      { id: "second", type: "transform", value: { done: true } },
    ],
    edges: [{ from: "first", to: "second" }],
  };
  await server.call("POST", "workflows", { definition });
  await server.call("POST", "workflows", {
    definition: { name: "rests", nodes: [{ id: "rest", type: "sleep", duration: "1d" }], edges: [] },
  });
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(workflow = "wide"): Promise<ReturnType<typeof JSON.parse>> {
  const started = await server.call("POST", "executions", { workflow, input: { text: "ä".repeat(40_000) } });
  const { status, body, headers } = await server.call("GET", `executions/${started.body.id}/export`);
  expect(status).toBe(200);
  expect(headers.get("content-disposition")).toBe(`attachment; filename="${started.body.id}.json"`);
  return body;
}

let files = 0;

/** Runs far from any server. */
function verify(document: unknown, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document));
  return new Promise((resolve) => {
    execFile(process.execPath, [command, file, ...args], { cwd: folder }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe("an exported history", () => {
  test("is what the description says, and holds: by itself, and against the key that the server shows", async () => {
    const document = await exported();
    expect(historyExportSchema.safeParse(document).error).toBeUndefined();
    expect(Object.keys(document.values).length).toBeGreaterThan(0);
    const alone = await verify(document);
    expect(alone).toMatchObject({ code: 0, err: "" });
    expect(alone.out).toMatch(/^VALID {2}exe_/);
    expect(alone.out).toMatch(/came from the file itself/);
    const known = await verify(document, "--key", fingerprint, "--json");
    expect(known.code).toBe(0);
    expect(JSON.parse(known.out)).toMatchObject({ ok: true, key: "given", signature: { fingerprint } });
  });

  test.each<[string, (document: ReturnType<typeof JSON.parse>) => void | Promise<void>]>([
    [
      "an event that was changed",
      ({ events }) => {
        events[1].actor = "user:mallory";
      },
    ],
    [
      "an event that is gone",
      ({ events }) => {
        events.splice(1, 1);
      },
    ],
    [
      "a value that was changed",
      ({ values }) => {
        values[Object.keys(values)[0] ?? ""].text = "other";
      },
    ],
    [
      "the signature of another execution",
      async (document) => {
        document.signatures = (await exported()).signatures;
      },
    ],
    [
      "keys that are gone",
      (document) => {
        document.keys = [];
      },
    ],
  ])("is refused with %s", async (_, tamper) => {
    const document = await exported();
    await tamper(document);
    const { code, out } = await verify(document);
    expect(out).toMatch(/^NOT VALID/);
    expect(code).toBe(1);
  });

  test("is refused against another key than it was signed with", async () => {
    expect(await verify(await exported(), "--key", "0".repeat(64))).toMatchObject({ code: 1 });
  });

  test("of an execution that goes on is signed by nobody yet", async () => {
    const { code, out } = await verify(await exported("rests"));
    expect(out).toMatch(/No signature covers it/);
    expect(code).toBe(1);
  });

  test("that was cut off is told apart from one that was changed", async () => {
    const text = JSON.stringify(await exported());
    expect(await verify(text.slice(0, -10))).toMatchObject({ code: 2, err: expect.stringMatching(/cut off/) });
  });

  test("is for whoever may read, and of their own namespace", async () => {
    const id = (await server.call("POST", "executions", { workflow: "wide", input: {} })).body.id;
    const worker = await addKey(server, 1, ["worker"]);
    expect((await server.call("GET", `executions/${id}/export`, undefined, { key: worker })).status).toBe(403);
    expect(await server.call("GET", "executions/exe_0000000000001/export")).toMatchObject(
      refusal(404, "EXECUTION_NOT_FOUND"),
    );
  });
});

test("verification says with which key the newest close was signed", async () => {
  const { body } = await server.call("POST", "executions", { workflow: "wide", input: {} });
  expect((await server.call("POST", `executions/${body.id}/verify`)).body).toMatchObject({
    consistent: true,
    signature: { status: "valid", keyId: fingerprint.slice(0, 32) },
  });
});
