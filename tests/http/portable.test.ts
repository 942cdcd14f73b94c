/** An execution as one file: who gets it, what stands in it, and that nothing in it can be taken for markup. */
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { historyExportSchema } from "@/lib/contract/history-export";
import { startServer, type TestServer } from "./support";

const HOSTILE = {
  ends: "</script><script>document.title='taken'</script>",
  comments: "<!--<script>",
  separators: "\u2028\u2029\u0001\u007f",
  quotes: `"'&\`\${x}`,
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await server.call("POST", "workflows", { definition: wide("first") });
});
afterAll(() => server?.close());

function wide(node: string) {
  return {
    name: "wide",
    nodes: [
      { id: node, type: "transform", value: "=input" },
      { id: "rest", type: "sleep", duration: 1 },
      { id: "last", type: "transform", value: { done: true } },
    ],
    edges: [
      { from: node, to: "rest" },
      { from: "rest", to: "last" },
    ],
  };
}

async function closed(input: unknown): Promise<string> {
  const started = await server.call("POST", "executions", { workflow: "wide", input });
  await server.call("GET", `executions/${started.body.id}/result?waitMs=10000`);
  return started.body.id;
}

async function fileOf(id: string) {
  const answer = await fetch(`${server.url}/api/v1/executions/${id}/file`, {
    headers: { authorization: "Bearer test-key-with-all-scopes" },
  });
  return { answer, html: await answer.text() };
}

function blockOf(html: string, id: string): string {
  const mark = `id="${id}">`;
  const from = html.lastIndexOf(mark) + mark.length;
  return html.slice(from, html.indexOf("</script>", from));
}

const unpacked = (html: string, id: string) =>
  JSON.parse(gunzipSync(Buffer.from(blockOf(html, id), "base64")).toString());

describe("an execution as a file", () => {
  test("is a page to save, and holds the very export", async () => {
    const id = await closed({ text: "ä".repeat(40_000) });
    const { answer, html } = await fileOf(id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${id}.html"`);
    const history = unpacked(html, "history");
    expect(historyExportSchema.safeParse(history).error).toBeUndefined();
    expect(history).toEqual((await server.call("GET", `executions/${id}/export`)).body);
    expect(Object.keys(history.values).length).toBeGreaterThan(0);
    expect(JSON.parse(blockOf(html, "end")).madeAt).toMatch(/^\d{4}-.*Z$/);
    expect(html.endsWith("</body>\n</html>\n")).toBe(true);
  });

  test("lets two scripts run, and has no other, whatever users wrote", async () => {
    const plain = await fileOf(await closed({ text: "plain" }));
    const hostile = await fileOf(await closed(HOSTILE));
    const scripts = (html: string) => html.match(/<script\b/g)?.length;
    expect(scripts(hostile.html)).toBe(scripts(plain.html));
    expect(unpacked(hostile.html, "history").events[0].data.input).toEqual(HOSTILE);
    expect(blockOf(hostile.html, "history")).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    const policy = /http-equiv="content-security-policy" content="([^"]+)"/.exec(hostile.html)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy.match(/'sha256-[^']+'/g)).toHaveLength(2);
    expect(policy).not.toContain("unsafe");
  });

  test("of a fork also holds the definition that its history began with", async () => {
    const source = await closed({ from: "before" });
    await server.call("POST", "workflows", { definition: { ...wide("first"), description: "the next one" } });
    const { body } = await server.call("GET", `executions/${source}/events`);
    const at = body.items.findLast(({ command }: { command: number }) => command === 1).sequence;
    const fork = await server.call("POST", `executions/${source}/fork`, { at, version: 2 });
    expect(fork.status).toBe(201);
    const { html } = await fileOf(fork.body.id);
    expect(unpacked(html, "history").definition.description).toBe("the next one");
    expect(Object.keys(unpacked(html, "versions"))).toEqual(["1"]);
    expect(unpacked((await fileOf(source)).html, "versions")).toEqual({});
  });

  test("is refused to whoever may not read, and where there is none", async () => {
    const id = await closed({});
    const made = await server.call("POST", "api-keys", { name: "works", scopes: ["worker"] });
    const refusal = await server.call("GET", `executions/${id}/file`, undefined, { key: made.body.secret });
    expect(refusal.status).toBe(403);
    expect(await server.call("GET", "executions/exe_0000000000001/file")).toMatchObject({
      status: 404,
      body: { code: "EXECUTION_NOT_FOUND" },
    });
  });
});
