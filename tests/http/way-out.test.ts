// A server that was told to stop: not ready at once, served on until load is balanced elsewhere, and then left in order.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNodeServer } from "@/lib/http/node-server";
import { WayOut } from "@/lib/http/way-out";
import { API_KEY, startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** The same instance behind a door that is told to leave. */
async function leavingServer(drained: () => Promise<unknown>) {
  const wayOut = new WayOut(drained);
  const node = createNodeServer(server.instance, null, wayOut.stopping);
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  wayOut.leaving.addEventListener("abort", () => server.instance.leave());
  const headers = { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" };
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const registration = { queues: ["q"], tasks: ["t"], language: "curl", sdkVersion: "1", capacity: 1 };
  const { workerId } = (await call("POST", "/api/v1/workers", registration)).body;
  const poll = () => call("POST", `/api/v1/workers/${workerId}/poll`, { capacity: 1, waitMs: 30_000 });
  return { wayOut, call, poll, close: () => node.close() };
}

const parked = () => expect.poll(() => server.instance.services.waiters.parked).toBe(1);

describe("a server that was told to stop", () => {
  it("is not ready, serves on until it is drained, and then answers whoever waits", async () => {
    let drained = () => {};
    const promise = new Promise<void>((resolve) => {
      drained = resolve;
    });
    const { wayOut, call, poll, close } = await leavingServer(() => promise);
    expect((await call("GET", "/readyz")).status).toBe(200);
    const waiting = poll();
    await parked();

    wayOut.tell();
    expect(await call("GET", "/readyz")).toMatchObject({
      status: 503,
      body: { reason: "The server is about to stop." },
    });
    expect((await call("GET", "/api/v1/workflows")).status).toBe(200);
    expect(server.instance.services.waiters.parked).toBe(1);
    expect(wayOut.stopping.aborted).toBe(false);

    drained();
    expect(await waiting).toMatchObject({ status: 200, body: { tasks: [] } });
    expect((await call("GET", "/healthz")).headers.get("connection")).toBe("close");
    close();
  });

  it("takes no notice of being told again, and waits no longer once nobody is there to wait for", async () => {
    const { wayOut, poll, close } = await leavingServer(() => new Promise(() => {}));
    const waiting = poll();
    await parked();
    wayOut.tell();
    wayOut.tell();
    expect(wayOut.stopping.aborted).toBe(false);
    wayOut.stop();
    expect(await waiting).toMatchObject({ status: 200, body: { tasks: [] } });
    close();
  });
});
