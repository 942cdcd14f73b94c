// The description and the routes are one thing: what is described is answered, and what is answered is described.
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROUTES } from "@/lib/http/routes";
import { API_KEY, startServer, type TestServer } from "./support";

let server: TestServer;
// biome-ignore lint/suspicious/noExplicitAny: a document, walked
let document: any;
beforeAll(async () => {
  server = await startServer();
  document = (await server.call("GET", "openapi.json", undefined, { key: null })).body;
});
afterAll(() => server?.close());

test("is OpenAPI 3.1", () => {
  expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Cerebelum" } });
});

test("covers every route, and every operation in it is answered", async () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(ROUTES.map((route) => `${route.method} ${route.path}`).sort());
  for (const operation of described) {
    const [method = "", path = ""] = operation.split(" ");
    const { status, body } = isEndless(method, path)
      ? await beginningOf(path)
      : await server.call(method, path.replace(/\{\w+\}/g, "unknown"), method === "POST" ? "{" : undefined);
    expect([404, 405].includes(status) && body.code === "NOT_FOUND", operation).toBe(false);
    expect(status, operation).toBeLessThan(500);
    expect(Object.keys(document.paths[path][method.toLowerCase()].responses), operation).toContain(String(status));
  }
});

/** It ends when its caller goes. */
const isEndless = (method: string, path: string) =>
  method === "GET" &&
  !path.includes("{") &&
  "text/event-stream" in (document.paths[path].get.responses[200].content ?? {});

async function beginningOf(path: string) {
  const response = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${API_KEY}` } });
  await response.body?.cancel();
  return { status: response.status, body: null };
}

test("refers to nothing that it does not hold, and names every operation once", () => {
  const text = JSON.stringify(document);
  for (const [, name = ""] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    expect(document.components.schemas[name], name).toBeDefined();
  }
  expect(text).not.toMatch(/"\$ref":"#\/(?!components)/);
  const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("says what a start takes and answers, what a list is asked, and how calls are refused", () => {
  const start = document.paths["/api/v1/executions"].post;
  expect(start.requestBody.content["application/json"].schema).toEqual({ $ref: "#/components/schemas/StartExecution" });
  expect(start.responses["201"].content["application/json"].schema).toEqual({
    $ref: "#/components/schemas/ExecutionStarted",
  });
  expect(start.responses["409"].description).toContain("IDEMPOTENCY_CONFLICT");
  expect(document.components.schemas.StartExecution).toMatchObject({
    additionalProperties: false,
    required: ["workflow"],
  });
  expect(document.components.schemas.ExecutionStarted.additionalProperties).toBeUndefined();
  const list = document.paths["/api/v1/executions"].get;
  expect(list.parameters.find((parameter: { name: string }) => parameter.name === "limit")).toMatchObject({
    in: "query",
    schema: { type: "integer" },
  });
});
