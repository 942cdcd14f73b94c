// Calls of real servers: what is sent, what becomes of the answer, and that whoever answers stays bounded.

import type { RequestListener } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, test } from "vitest";
import type { JsonValue } from "@/lib/contract/json";
import type { CallOutcome } from "@/lib/engine/http-steps/call-url";
import { call, guardFor, serve, serveSockets, type TestServer } from "./server";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serving(answer: RequestListener): Promise<TestServer> {
  const server = await serve(answer);
  open.push(server);
  return server;
}

/** One body with one content type. */
function answering(body: string | Buffer, headers: Record<string, string | string[]> = {}, status = 200) {
  return serving((_, response) => response.writeHead(status, headers).end(body));
}

function output(outcome: CallOutcome): { status: number; headers: Record<string, unknown>; body: JsonValue } {
  if ("error" in outcome) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome.output as never;
}

function errorIn(outcome: CallOutcome) {
  if ("output" in outcome) throw new Error("expected an error");
  return outcome.error;
}

const JSON_TYPE = { "content-type": "application/json" };

describe("what is sent", () => {
  it("is the method, the path with its query, headers and body of the request", async () => {
    const server = await answering("");
    await call({
      method: "PUT",
      url: `${server.url}/a%20b?x=1%20%2F#fragment`,
      query: { y: 2, z: ["c d", "&"], absent: null, yes: true },
      headers: { Authorization: "Bearer s3cret", "X-Count": 3, "X-Absent": null },
      body: { name: "Ada", list: [1, null] },
    });
    expect(server.seen).toMatchObject([
      {
        method: "PUT",
        url: "/a%20b?x=1%20%2F&y=2&z=c+d&z=%26&yes=true",
        headers: {
          authorization: "Bearer s3cret",
          "x-count": "3",
          "content-type": "application/json",
          host: `127.0.0.1:${server.port}`,
        },
        body: '{"name":"Ada","list":[1,null]}',
      },
    ]);
    expect(server.seen[0]?.headers).not.toHaveProperty("x-absent");
  });

  it("is text as it is", async () => {
    const server = await answering("");
    await call({ method: "POST", url: server.url, body: "grüße", headers: { "content-type": "text/csv" } });
    await call({ method: "POST", url: server.url, body: "grüße" });
    expect(server.seen.map(({ body, headers }) => [body, headers["content-type"], headers["content-length"]])).toEqual([
      ["grüße", "text/csv", "7"],
      ["grüße", "text/plain; charset=utf-8", "7"],
    ]);
  });

  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])(
    "%s may have a body, and its length is told",
    async (method) => {
      const server = await answering("");
      await call({ method, url: server.url, body: {} });
      expect(server.seen).toMatchObject([{ method, body: "{}", headers: { "content-length": "2" } }]);
    },
  );

  it("names the step by its idempotency key where repeating it could change something", async () => {
    const server = await answering("");
    for (const method of ["GET", "HEAD", "POST", "DELETE"]) await call({ method, url: server.url });
    await call({ method: "POST", url: server.url, headers: { "Idempotency-Key": "own" } });
    expect(server.seen.map(({ headers }) => headers["idempotency-key"])).toEqual([
      undefined,
      undefined,
      "key-of-the-step",
      "key-of-the-step",
      "own",
    ]);
  });

  test.each<[string, JsonValue]>([
    ["no request", null],
    ["no URL", {}],
    ["a URL that is none", { url: "/path" }],
    ["a URL that is a number", { url: 5 }],
    ["an unknown method", { method: "CONNECT" }],
    ["a header with a line break", { headers: { x: "a\r\nhost: inside" } }],
    ["a header name with a space", { headers: { "a b": "c" } }],
    ["a header that is an object", { headers: { a: {} } }],
    ["a header twice", { headers: { a: "1", A: "2" } }],
    ["headers beyond bounds", { headers: { a: "x".repeat(16_400) } }],
    ["a query that is an object", { query: { a: { b: 1 } } }],
    ...["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Accept-Encoding"].map(
      (name): [string, JsonValue] => [`the header ${name}`, { headers: { [name]: "1" } }],
    ),
  ])("is nothing where there is %s", async (_, request) => {
    const server = await answering("");
    const whole = request === null || "url" in (request as object) || Object.keys(request as object).length === 0;
    const outcome = await call(whole ? request : { url: server.url, ...(request as object) });
    expect(errorIn(outcome)).toMatchObject({ code: "HTTP_ERROR", retryable: false, details: { reason: "invalid" } });
    expect(server.seen).toEqual([]);
  });
});

describe("an answer with 2xx", () => {
  it("is the output: status, headers by lower-case name, body", async () => {
    const server = await answering(
      '{"a":[1]}',
      { "Content-Type": "application/json; charset=utf-8", "X-Two": "2" },
      201,
    );
    expect(output(await call({ url: server.url }))).toMatchObject({
      status: 201,
      headers: { "content-type": "application/json; charset=utf-8", "x-two": "2" },
      body: { a: [1] },
    });
  });

  it("keeps several cookies apart", async () => {
    const server = await answering("", { "Set-Cookie": ["a=1", "b=2"] });
    expect(output(await call({ url: server.url })).headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  });

  const latin = Buffer.from("grüße", "latin1");
  test.each<[string, string | undefined, string | Buffer, JsonValue]>([
    ["JSON where it says so", "application/json", "[1]", [1]],
    ["JSON of a named kind", "application/problem+json", '{"a":null}', { a: null }],
    ["JSON that is null", "application/json", "null", null],
    ["JSON with a byte order mark", "application/json", "\ufeff{}", {}],
    ["JSON only where it says so", "text/plain", "[1]", "[1]"],
    ["text, where it says JSON and is none", "application/json", "<html>", "<html>"],
    ["text, where its JSON holds a NUL", "application/json", '"\\u0000"', '"\\u0000"'],
    ["text, where its JSON holds a lone surrogate", "application/json", '"\\ud800"', '"\\ud800"'],
    ["text, where its JSON would set a prototype", "application/json", '{"__proto__":1}', '{"__proto__":1}'],
    [
      "text, where its JSON nests too deep",
      "application/json",
      "[".repeat(201) + "]".repeat(201),
      "[".repeat(201) + "]".repeat(201),
    ],
    ["text", "text/html; charset=UTF-8", "grüße", "grüße"],
    ["text in another charset", 'text/plain; charset="ISO-8859-1"', latin, "grüße"],
    ["text with a wrong byte", "text/plain", latin, "gr\ufffd\ufffde"],
    ["XML", "application/atom+xml", "<a/>", "<a/>"],
    ["text that does not say what it is", undefined, "plain", "plain"],
    ["bytes", "image/png", Buffer.from([0x89, 0x50]), { base64: "iVA=" }],
    ["bytes, even if they could be text", "application/octet-stream", "plain", { base64: "cGxhaW4=" }],
    ["bytes that do not say what they are", undefined, latin, { base64: latin.toString("base64") }],
    ["bytes, where text holds a NUL", "text/plain", "a\0b", { base64: "YQBi" }],
    ["bytes, where the charset is unknown", "text/plain; charset=klingon", "x", { base64: "eA==" }],
    ["null where it is empty", "application/json", "", null],
  ])("has a body that is %s", async (_, type, body, value) => {
    const server = await answering(body, type === undefined ? {} : { "content-type": type });
    expect(output(await call({ url: server.url })).body).toEqual(value);
  });

  it("may be compressed", async () => {
    const gzip = await answering(gzipSync('{"a":1}'), { ...JSON_TYPE, "content-encoding": "gzip" });
    const brotli = await answering(brotliCompressSync('{"a":1}'), { ...JSON_TYPE, "content-encoding": "br" });
    const empty = await answering("", { ...JSON_TYPE, "content-encoding": "gzip" });
    expect(output(await call({ url: gzip.url })).body).toEqual({ a: 1 });
    expect(output(await call({ url: brotli.url })).body).toEqual({ a: 1 });
    expect(output(await call({ url: empty.url })).body).toBeNull();
    expect(output(await call({ method: "HEAD", url: gzip.url })).body).toBeNull();
    expect(gzip.seen[0]?.headers["accept-encoding"]).toBe("gzip, br");
  });

  it("may come in pieces", async () => {
    const server = await serving((_, response) => {
      response.writeHead(200, JSON_TYPE);
      response.write('{"a":"gr');
      response.write(Buffer.from([0xc3]));
      response.end(Buffer.concat([Buffer.from([0xbc]), Buffer.from('n"}')]));
    });
    expect(output(await call({ url: server.url })).body).toEqual({ a: "grün" });
  });
});

describe("another answer", () => {
  test.each([400, 401, 404, 409, 422, 300, 304])("with %i fails the step for good", async (status) => {
    const server = await answering("", {}, status);
    const error = errorIn(await call({ url: server.url }));
    expect(error).toMatchObject({ code: "HTTP_ERROR", retryable: false, details: { status, body: null } });
  });

  test.each([408, 425, 429, 500, 502, 503, 599])("with %i is worth another try", async (status) => {
    const server = await answering('{"why":1}', { ...JSON_TYPE, "retry-after": "7" }, status);
    const error = errorIn(await call({ url: server.url }));
    expect(error.retryable).toBeUndefined();
    expect(error).toMatchObject({
      code: "HTTP_ERROR",
      message: `127.0.0.1:${server.port} answered ${status}.`,
      details: { status, headers: { "retry-after": "7" }, body: { why: 1 } },
    });
  });

  it("whose body is too large is told without it, and judged by its status", async () => {
    const server = await answering(Buffer.alloc(2 ** 20 + 1, 120), { "content-type": "text/plain" }, 503);
    const error = errorIn(await call({ url: server.url }));
    expect(error.retryable).toBeUndefined();
    expect(error.details).toMatchObject({ status: 503, body: null, bodyTooLarge: true });
  });
});

describe("a redirect", () => {
  /** Redirects `/from` with that status to `/to`, which answers what came. */
  function redirecting(status: number, to = "/to") {
    return serving((request, response) => {
      if (request.url === "/to") response.writeHead(200).end();
      else if (request.method === "HEAD") response.writeHead(status, { location: to }).end();
      else response.writeHead(status, { location: to }).write("never ended");
    });
  }

  test.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "DELETE", "GET", ""],
    [303, "HEAD", "HEAD", "hello"],
    [301, "PUT", "PUT", "hello"],
    [302, "DELETE", "DELETE", "hello"],
    [307, "POST", "POST", "hello"],
    [308, "PATCH", "PATCH", "hello"],
  ])("with %i turns %s into %s", async (status, method, next, body) => {
    const server = await redirecting(status);
    await call({
      method,
      url: `${server.url}/from`,
      body: "hello",
      headers: { authorization: "a", "content-language": "en" },
    });
    expect(server.seen).toMatchObject([
      { method },
      { method: next, url: "/to", body, headers: { authorization: "a" } },
    ]);
    const kept = server.seen[1]?.headers ?? {};
    expect([kept["content-type"], kept["content-language"]].map((value) => value !== undefined)).toEqual([
      body !== "",
      body !== "",
    ]);
  });

  it("to another origin takes no secrets along", async () => {
    const target = await answering("");
    const server = await redirecting(307, `${target.url}/to`);
    await call({
      method: "POST",
      url: `${server.url}/from`,
      headers: { Authorization: "Bearer s3cret", Cookie: "s3cret", "X-Api-Key": "s3cret", Accept: "text/csv" },
      body: "hello",
    });
    expect(server.seen[0]?.headers).toMatchObject({ authorization: "Bearer s3cret", "x-api-key": "s3cret" });
    expect(target.seen).toMatchObject([{ method: "POST", url: "/to", body: "hello", headers: { accept: "text/csv" } }]);
    expect(JSON.stringify(target.seen)).not.toContain("s3cret");
  });

  test.each([
    "http://10.0.0.1/",
    "http://169.254.169.254/",
    "http://[::1]/",
    "http://0x0a000001/",
    "//10.0.0.1/",
    "file:///etc/passwd",
    "http://user:x@127.0.0.1/",
  ])("to %s is refused like a first call", async (to) => {
    const server = await redirecting(302, to);
    const error = errorIn(await call({ url: `${server.url}/from` }));
    expect(error).toMatchObject({ code: "HTTP_ERROR", retryable: false, details: { reason: "refused" } });
    await server.deserted();
  });

  it("to a name that leads inside is refused", async () => {
    const server = await redirecting(302, "http://inside.test/");
    const error = errorIn(
      await call({ url: `${server.url}/from` }, { guard: guardFor({ "inside.test": ["10.0.0.1"] }) }),
    );
    expect(error.details).toEqual({ reason: "refused" });
  });

  it("is followed five times and no more", async () => {
    const server = await serving((request, response) => {
      const left = Number(request.url?.slice(1));
      response.writeHead(left > 0 ? 302 : 200, { location: `/${left - 1}` }).end();
    });
    expect(output(await call({ url: `${server.url}/5` })).status).toBe(200);
    const error = errorIn(await call({ url: `${server.url}/6` }));
    expect(error).toMatchObject({ code: "HTTP_ERROR", retryable: false, details: { reason: "redirect" } });
    expect(server.seen).toHaveLength(12);
  });

  it("to what is no URL fails the step", async () => {
    const server = await redirecting(302, "http://");
    expect(errorIn(await call({ url: `${server.url}/from` })).details).toEqual({ reason: "redirect" });
  });
});

describe("a name", () => {
  it("is resolved once a hop, and the connection goes where it was judged", async () => {
    const server = await answering("reached");
    const answers = ["127.0.0.1", "10.0.0.1"];
    const asked: string[] = [];
    const rebinding = guardFor(async (hostname) => {
      asked.push(hostname);
      return [{ address: answers[asked.length - 1] ?? "", family: 4 }];
    });
    const url = `http://rebind.test:${server.port}/`;
    expect(output(await call({ url }, { guard: rebinding })).body).toBe("reached");
    expect(asked).toEqual(["rebind.test"]);
    expect(server.seen[0]?.headers.host).toBe(`rebind.test:${server.port}`);
    expect(errorIn(await call({ url }, { guard: rebinding })).details).toEqual({ reason: "refused" });
  });

  it("is what TLS is asked for", async () => {
    let hello = Buffer.alloc(0);
    const server = await serveSockets((socket) =>
      socket.on("data", (bytes) => {
        hello = Buffer.concat([hello, bytes]);
        socket.destroy();
      }),
    );
    open.push(server);
    const guard = guardFor({ "secure.test": ["127.0.0.1"] });
    const error = errorIn(await call({ url: `https://secure.test:${server.port}/` }, { guard }));
    expect(error).toMatchObject({ code: "HTTP_ERROR", details: { reason: "network" } });
    // A TLS record of type handshake, with the name in the clear.
    expect(hello[0]).toBe(0x16);
    expect(hello.includes("secure.test")).toBe(true);
  });

  it("that does not resolve is worth another try", async () => {
    const error = errorIn(await call({ url: "http://unknown.test/path?token=s3cret" }));
    expect(error).toEqual({
      code: "HTTP_ERROR",
      message: "The call to unknown.test failed: ENOTFOUND.",
      details: { reason: "network" },
    });
  });
});

describe("a server that misbehaves", () => {
  it("is not there: worth another try", async () => {
    const server = await serve(() => {});
    await server.close();
    const error = errorIn(await call({ url: server.url }));
    expect(error).toMatchObject({ code: "HTTP_ERROR", message: expect.stringContaining("ECONNREFUSED") });
    expect(error.retryable).toBeUndefined();
  });

  test.each<[string, RequestListener]>([
    ["hangs up", (request) => request.socket.destroy()],
    [
      "hangs up in its body",
      (_, response) => {
        response.writeHead(200, { "content-length": "10" }).write("half");
        setImmediate(() => response.socket?.destroy());
      },
    ],
    ["sends a broken gzip", (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip")],
    [
      "ends its gzip early",
      (_, response) =>
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(1000)).subarray(0, 15)),
    ],
    ["sends no HTTP", (_, response) => response.socket?.end("SSH-2.0-OpenSSH\r\n\r\n")],
    [
      "sends endless headers",
      (_, response) => response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(20_000)}\r\n\r\n`),
    ],
    [
      "changes the protocol",
      (_, response) =>
        response.socket?.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    ],
  ])("%s: worth another try", async (_, answer) => {
    const server = await serving(answer);
    const error = errorIn(await call({ url: server.url }));
    expect(error).toMatchObject({ code: "HTTP_ERROR", details: { reason: "network" } });
    expect(error.retryable).toBeUndefined();
    await server.deserted();
  });

  it("answers in a coding nobody asked for: fails for good", async () => {
    const server = await serving((_, response) => response.writeHead(200, { "content-encoding": "zstd" }).write("x"));
    expect(errorIn(await call({ url: server.url }))).toMatchObject({
      retryable: false,
      details: { reason: "encoding" },
    });
    await server.deserted();
  });

  it("sends a body that never ends: it is cut off, and the step fails for good", async () => {
    const server = await serving((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(64 * 1024, 120)));
      };
      response.writeHead(200, { "x-id": "7" }).on("drain", more);
      more();
    });
    const error = errorIn(await call({ url: server.url }));
    expect(error).toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      retryable: false,
      details: { status: 200, headers: { "x-id": "7" } },
    });
    await server.deserted();
  });

  it("sends a little that becomes a lot: it is not unpacked beyond the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(2 ** 20);
    const server = await answering(bomb, { "content-encoding": "gzip" });
    expect(errorIn(await call({ url: server.url })).code).toBe("PAYLOAD_TOO_LARGE");
    await server.deserted();
  });

  it("sends much that becomes nothing: it is not read beyond the limit", async () => {
    const nothing = gzipSync("");
    const server = await answering(Buffer.concat(Array.from({ length: 2 ** 16 }, () => nothing)), {
      "content-encoding": "gzip",
    });
    expect(errorIn(await call({ url: server.url })).code).toBe("PAYLOAD_TOO_LARGE");
  });

  it("sends what fits as bytes and not as a value", async () => {
    const server = await answering(Buffer.alloc(2 ** 20, 255), { "content-type": "image/png" });
    expect(errorIn(await call({ url: server.url })).code).toBe("PAYLOAD_TOO_LARGE");
  });

  it("is silent: the attempt times out, and may be tried again", async () => {
    const server = await serving(() => {});
    const error = errorIn(await call({ url: server.url }, { timeoutMs: 1 }));
    expect(error).toEqual({ code: "ATTEMPT_TIMEOUT", message: "The call took longer than 1 ms." });
    await server.deserted();
  });

  it("stops in its body: the attempt times out", async () => {
    const server = await serving((_, response) => response.writeHead(200).write("half"));
    expect(errorIn(await call({ url: server.url }, { timeoutMs: 50 })).code).toBe("ATTEMPT_TIMEOUT");
    await server.deserted();
  });

  it("has a name that does not answer: the attempt times out", async () => {
    const guard = guardFor(() => new Promise(() => {}));
    expect(errorIn(await call({ url: "http://slow.test/" }, { guard, timeoutMs: 1 })).code).toBe("ATTEMPT_TIMEOUT");
  });
});

describe("a call that nobody waits for any more", () => {
  it("ends at once, and its connection with it", async () => {
    const given = new AbortController();
    const server = await serving((_, response) => {
      response.writeHead(200).write("half");
      given.abort(new Error("the lease is lost"));
    });
    await expect(call({ url: server.url }, { signal: given.signal })).rejects.toThrow("the lease is lost");
    await server.deserted();
  });

  it("is not even made where it was given up before", async () => {
    const server = await answering("");
    await expect(call({ url: server.url }, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
    expect(server.seen).toEqual([]);
  });
});

it("keeps no connection", async () => {
  const server = await answering("{}", JSON_TYPE);
  await Promise.all(Array.from({ length: 20 }, () => call({ url: server.url })));
  await server.deserted();
  expect(server.seen).toHaveLength(20);
  expect(server.seen.map(({ headers }) => headers.connection)).toEqual(Array.from({ length: 20 }, () => "close"));
});
