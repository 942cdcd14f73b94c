// What the code may not do anywhere, read off the code itself: each rule names the few files that are excepted.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { pageHeaders } from "@/lib/http/page-headers";
import { asTable } from "@/lib/views/audit-log";
import { safeNext } from "../../app/(auth)/_parts/safe-next";
import { ROOT } from "./rules";

const SHIPPED = ["app", "lib", "db", "worker-sdk/src", "server.ts"];
const CODE = SHIPPED.flatMap((path) => filesIn(join(ROOT, path)))
  .filter((file) => /\.(?:tsx?|mjs)$/.test(file))
  .map((file) => ({ file: relative(ROOT, file), text: withoutComments(readFileSync(file, "utf8")) }));

function filesIn(path: string): string[] {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules") return [];
    return entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)];
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const filesWith = (pattern: RegExp) => CODE.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test("there is code to look at", () => {
  expect(CODE.length).toBeGreaterThan(300);
  expect(filesWith(/\bexport function safeNext\b/)).toEqual(["app/(auth)/_parts/safe-next.ts"]);
});

test("nothing writes HTML by itself but the one script that sets the theme", () => {
  const html =
    /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment/;
  expect(filesWith(html)).toEqual(["app/layout.tsx"]);
  const layout = CODE.find(({ file }) => file === "app/layout.tsx")?.text ?? "";
  expect(layout.match(/dangerouslySetInnerHTML=\{\{ __html: ([^}]+) \}\}/g)).toEqual([
    "dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }}",
  ]);
  // Only names of this file are put into it: nothing that anybody sent can be.
  const theme = CODE.find(({ file }) => file === "app/_shell/theme.ts")?.text ?? "";
  const [, script = ""] = /THEME_SCRIPT = `([^`]*)`/.exec(theme) ?? [];
  for (const [, name = ""] of script.matchAll(/\$\{([^}]*)\}/g))
    expect(theme, name).toMatch(new RegExp(`^(?:export )?const ${name} = ["'\\d]`, "m"));
  expect(script).toContain("localStorage");
});

test("nothing runs text as code", () => {
  expect(
    filesWith(/\beval\(|\bnew Function\(|\bFunction\(|set(?:Timeout|Interval)\(\s*["'`]|from "(?:node:)?vm"/),
  ).toEqual([]);
  expect(filesWith(/from "(?:node:)?child_process"/)).toEqual([]);
});

test("connections are opened by named files alone", () => {
  const opening =
    /\bfetch\(|import (?!type)(?:\w+, \{[^}]*\}|\w+) from "(?:node:)?https?"|\b(?:http|https)\.request\(|from "(?:undici|axios|got)"|(?:net|tls)\.connect\(|new WebSocket\(|createTransport\(|OTLPTraceExporter\(/;
  const allowed: Record<string, string> = {
    "lib/client/": "a browser asks its own site",
    "lib/engine/http-steps/exchange.ts": "behind the guard",
    "lib/mail/mailer.ts": "to the mail server of the settings",
    "lib/tracing/": "to the receiver of the settings",
    "worker-sdk/src/": "runs with a worker, not with the server",
  };
  const others = filesWith(opening).filter((file) => !Object.keys(allowed).some((place) => file.startsWith(place)));
  expect(others).toEqual([]);
});

test("whoever calls a URL that a caller chose goes through the guard", () => {
  const callers = filesWith(/\bcallUrl\(|\bexchange\(/).filter((file) => file.startsWith("lib/"));
  expect(callers.length).toBeGreaterThan(0);
  for (const file of callers) {
    const text = CODE.find((code) => code.file === file)?.text ?? "";
    expect(text, file).toMatch(/guard/i);
  }
});

describe("pages", () => {
  test("pages let no script run but the site's own, and nobody frame them", () => {
    const headers = pageHeaders("bm9uY2U=", false);
    const policy = headers["content-security-policy"] ?? "";
    expect(policy).toMatch(/script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic'(?:;|$)/);
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-/);
    for (const rule of [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(rule);
    expect(headers).toMatchObject({ "x-frame-options": "DENY", "x-content-type-options": "nosniff" });
  });

  test("nobody is led to another site after signing in", () => {
    for (const path of ["/executions", "/executions/exe_1?tab=graph", "/a/../b"]) expect(safeNext(path)).toBe(path);
    for (const elsewhere of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "javascript:alert(1)",
      "/\t/evil.example",
      "/\n/evil.example",
      " //evil.example",
      "",
      undefined,
      ["/a", "/b"],
    ])
      expect(new URL(safeNext(elsewhere), "https://own.example").origin).toBe("https://own.example");
  });
});

test("a formula in an exported table is text", async () => {
  const evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"];
  const entries = evil.map((target) => ({ target, actor: "engine" }));
  async function* pages() {
    yield entries as never;
  }
  let table = "";
  for await (const part of asTable(pages())) table += part;
  const [head = "", ...rows] = table.trim().split("\r\n");
  expect(rows).toHaveLength(evil.length);
  const at = head.split(",").indexOf("target");
  for (const row of rows) expect(row.split(",")[at]).toMatch(/^"?'/);
});
