/** Http steps of workflows in one process: what they call, what they give, and when they try again. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ExecutionFailedError, http as httpStep, on, step, virtualClock, workflow } from "@/worker-sdk/src/index";

const failureOf = (run: Promise<unknown>): Promise<ExecutionFailedError> =>
  run.then(
    () => Promise.reject(new Error("It completed")),
    (error: ExecutionFailedError) => error,
  );

describe("http steps", () => {
  const serve = async (answer: http.RequestListener) => {
    const server = http.createServer(answer).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it("are made with the step's key, and give the answer with its body parsed", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      const { "idempotency-key": key, "content-type": type } = request.headers;
      request.on("data", (body) => seen.push([request.method, request.url, `${key}`.split(":")[1], type, `${body}`]));
      request.on("end", () => {
        response.writeHead(201, { "content-type": "application/json", "x-id": "7" }).end('{"ok":true}');
      });
    });
    const make = step("make", () => ({ n: 1 }));
    const call = httpStep<{ ok: boolean }>("call", {
      method: "POST",
      url: `${url}/orders`,
      query: { page: 1, tag: ["a", "b"] },
      body: { order: on(make) },
    });
    const made = workflow("w").timeline(make, call);
    expect(await made.execute(null)).toMatchObject({ status: 201, headers: { "x-id": "7" }, body: { ok: true } });
    expect(seen).toEqual([["POST", "/orders?page=1&tag=a&tag=b", "call", "application/json", '{"order":{"n":1}}']]);
  });

  it("try again what may pass, and fail by what the answer was", async () => {
    let calls = 0;
    const url = await serve((_, response) => response.writeHead(++calls < 3 ? 503 : 200).end("fine"));
    const busy = workflow("busy").timeline(httpStep("call", { url, retry: { jitter: 0 } }));
    expect(await busy.execute(null, { clock: virtualClock() })).toMatchObject({ status: 200, body: "fine" });
    expect(calls).toBe(3);
    const gone = await serve((_, response) => response.writeHead(404).end("no"));
    const failure = await failureOf(
      workflow("gone")
        .timeline(httpStep("call", { url: gone }))
        .execute(null),
    );
    expect(failure.error).toMatchObject({
      code: "HTTP_ERROR",
      retryable: false,
      details: { status: 404, body: "no" },
    });
  });

  it("fail where nobody answers, nothing can be sent, or it takes too long", async () => {
    const failed = (options: Parameters<typeof httpStep>[1]) =>
      failureOf(
        workflow("w")
          .timeline(httpStep("call", { ...options, retry: { maxAttempts: 1 } }))
          .execute("nowhere"),
      ).then(({ error }) => error);
    expect(await failed({ url: "http://127.0.0.1:1/" })).toMatchObject({
      code: "HTTP_ERROR",
      details: { reason: "network" },
    });
    expect(await failed({ url: "=input" })).toMatchObject({ code: "HTTP_ERROR", details: { reason: "invalid" } });
    const silent = await serve(() => {});
    expect(await failed({ url: silent, timeout: { attempt: "20ms" } })).toMatchObject({ code: "ATTEMPT_TIMEOUT" });
  });
});
