// Alerts over HTTP, with a real receiver: what is told, how it is signed, and what becomes of it when nobody listens.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addApiKey } from "@/db/queries/api-keys";
import { addLostAlertJobs } from "@/db/stores/alerts";
import { hashSecret, newApiKeySecret } from "@/lib/auth/api-keys";
import { decodeId } from "@/lib/contract/ids";
import { MESSAGES_A_MINUTE } from "@/lib/engine/alerts/alerts";
import { tablesWith } from "../integration/encryption/canaries";
import { refusal, TestClient, type TestWorker, task, type Wire } from "./client";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let receiver: Receiver;
const client = new TestClient(() => server);
const call: TestServer["call"] = (...args) => server.call(...args);

beforeAll(async () => {
  server = await startServer({
    settings: {
      CEREBELUM_HTTP_ALLOW: "127.0.0.1",
      CEREBELUM_URL: "https://cerebelum.test",
      CEREBELUM_LOG_LEVEL: "silent",
    },
  });
});
afterAll(() => server?.close());

let workflow: string;
let worker: TestWorker;
beforeEach(async () => {
  receiver = await Receiver.open();
  const published = await client.publish({ nodes: [task("work")] });
  workflow = published.workflow;
  worker = await client.worker(published.queue, "work");
});
afterEach(async () => {
  for (const { id } of (await call("GET", "alerts")).body.items) await call("DELETE", `alerts/${id}`);
  await receiver.close();
});

interface Received {
  path: string;
  headers: http.IncomingHttpHeaders;
  text: string;
  body: Wire;
}

/** Takes what it is sent, and answers what it is told to. */
class Receiver {
  readonly received: Received[] = [];
  answers: number[] = [];
  readonly server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    response.writeHead(this.answers.shift() ?? 204).end();
    this.received.push({ path: request.url ?? "", headers: request.headers, text, body: JSON.parse(text) });
  });

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server.listen(0, "127.0.0.1");
    await once(receiver.server, "listening");
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits for as many, and no more. */
  async messages(count: number): Promise<Received[]> {
    await expect.poll(() => this.received.length, { timeout: 15_000 }).toBe(count);
    return this.received;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

async function made(more: object = {}): Promise<Wire> {
  const body = { name: "on call", kind: "webhook", target: `${receiver.url}/hook`, ...more };
  const created = await call("POST", "alerts", body);
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return created.body;
}

async function failing(count = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(await client.start(workflow, { key: `${workflow}/${i}` }));
  let left = count;
  while (left > 0)
    for (const one of await worker.take()) {
      await worker.fail(one);
      left--;
    }
  return ids;
}

const deliveries = async (id: string): Promise<Wire[]> => (await call("GET", `alerts/${id}/deliveries`)).body.items;

function signatureOf(secret: string, { headers, text }: Received): string {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

describe("a webhook", () => {
  test("is told of a failed execution, signed, without payloads, and shows what it was told", async () => {
    const { id, secret, target, events } = await made();
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect({ target, events }).toEqual({
      target: new URL(receiver.url).host,
      events: ["execution.failed", "execution.timed_out", "execution.quarantined"],
    });
    const [execution] = await failing();
    const [message] = await receiver.messages(1);
    expect(message).toMatchObject({
      path: "/hook",
      headers: { "content-type": "application/json", "webhook-signature": signatureOf(secret, message as Received) },
      body: {
        type: "execution.failed",
        data: {
          namespace: "default",
          execution: { id: execution, key: `${workflow}/0`, workflow, version: 1, status: "failed" },
          error: { code: "BROKEN", message: "it broke" },
          link: `https://cerebelum.test/executions/${execution}`,
        },
      },
    });
    await expect
      .poll(() => deliveries(id))
      .toMatchObject([
        {
          id: message?.headers["webhook-id"],
          event: "execution.failed",
          executionId: execution,
          status: "delivered",
          attempts: 1,
        },
      ]);
  });

  test("is told of what it asked for alone, and of nothing while it is turned off", async () => {
    const letters = await made({ events: ["dead_letter.created"] });
    const off = await made({ enabled: false });
    const [execution] = await failing();
    const [message] = await receiver.messages(1);
    expect(message?.body).toMatchObject({
      type: "dead_letter.created",
      data: { deadLetterId: expect.stringMatching(/^dlq_/), execution: { id: execution }, error: { code: "BROKEN" } },
    });
    expect(await deliveries(off.id)).toEqual([]);
    expect(await deliveries(letters.id)).toHaveLength(1);
    await call("PATCH", `alerts/${off.id}`, { enabled: true, name: "again", events: ["execution.quarantined"] });
    expect((await call("GET", "alerts")).body.items.map(({ name, enabled }: Wire) => [name, enabled])).toEqual([
      ["on call", true],
      ["again", true],
    ]);
  });

  test("signs with another secret once that is changed, and neither secrets nor URLs are stored", async () => {
    const { id, secret } = await made({ target: `${receiver.url}/services/very-secret-path` });
    const rotated = (await call("POST", `alerts/${id}/rotate-secret`)).body.secret;
    expect(rotated).not.toBe(secret);
    expect((await call("POST", `alerts/${id}/test`)).body).toEqual({ delivered: true, error: null });
    const [message] = (await receiver.messages(1)) as [Received];
    expect(message.headers["webhook-signature"]).toBe(signatureOf(rotated, message));
    expect(message.headers["webhook-signature"]).not.toBe(signatureOf(secret, message));
    for (const word of ["very-secret-path", secret, rotated])
      expect(await tablesWith(server.instance.reads, word)).toEqual([]);
    const { items } = (await call("GET", "alerts")).body;
    expect(JSON.stringify(items)).not.toMatch(/very-secret-path|whsec_/);
  });

  test("that does not take a message is sent it again with the same id", async () => {
    const { id } = await made();
    receiver.answers = [500];
    await failing();
    await expect
      .poll(() => deliveries(id), { timeout: 15_000 })
      .toMatchObject([{ status: "waiting", attempts: 1, lastError: expect.stringContaining("answered 500") }]);
    await soon(id);
    const [first, second] = await receiver.messages(2);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    await expect.poll(() => deliveries(id)).toMatchObject([{ status: "delivered", attempts: 2, lastError: null }]);
  });

  test("is given up after a day", async () => {
    const { id } = await made();
    receiver.answers = Array.from({ length: 20 }, () => 503);
    await failing();
    await expect.poll(() => deliveries(id), { timeout: 15_000 }).toMatchObject([{ attempts: 1 }]);
    await soon(id, "25 hours");
    await expect
      .poll(() => deliveries(id), { timeout: 15_000 })
      .toMatchObject([{ status: "failed", failedAt: expect.any(String) }]);
  });

  test("whose job was lost with its process is told once somebody looks", async () => {
    const { id } = await made();
    const { reads } = server.instance;
    const execution = await client.start(workflow);
    const [held] = await worker.take();
    // As if the process had died between the commit and the delivery: the row is there, and its job is not.
    await reads.query(`create function lose_job() returns trigger language plpgsql as $$ begin return null; end $$`);
    await reads.query(
      `create trigger lose_jobs before insert on graphile_worker._private_jobs for each row
       when (new.key = 'alert:${decodeId("alert", id)}') execute function lose_job()`,
    );
    await worker.fail(held);
    await reads.query("drop function lose_job() cascade");
    expect(await deliveries(id)).toMatchObject([{ status: "waiting", executionId: execution, attempts: 0 }]);
    await addLostAlertJobs(reads);
    await receiver.messages(1);
  });

  test("is told of many failures by few messages, the last of which counts them", async () => {
    const { id } = await made();
    const count = 40;
    await failingAtOnce(count);
    const messages = await receiver.messages(MESSAGES_A_MINUTE);
    const types = messages.map(({ body }) => body.type);
    expect(types).toEqual([...Array.from({ length: MESSAGES_A_MINUTE - 1 }, () => "execution.failed"), "digest"]);
    const { data } = messages.at(-1)?.body ?? {};
    expect(data).toMatchObject({
      namespace: "default",
      groups: [{ event: "execution.failed", workflow, count: data.count }],
    });
    const waiting = () => deliveries(id).then((all) => all.filter(({ status }) => status === "waiting").length);
    await expect.poll(waiting).toBe(count - (MESSAGES_A_MINUTE - 1) - data.count);
    expect(data.count).toBeGreaterThan(1);
  });
});

/** In one call, so that they fail in few flushes. */
async function failingAtOnce(count: number): Promise<void> {
  const executions = Array.from({ length: count }, () => ({ workflow }));
  await call("POST", "executions/batch", { executions });
  const tasks: Wire[] = [];
  while (tasks.length < count) tasks.push(...(await worker.take(count)));
  const error = { code: "BROKEN", message: "it broke" };
  const results = tasks.map(({ taskId, leaseToken }) => ({ taskId, leaseToken, status: "failed", error }));
  await call("POST", `workers/${worker.id}/poll`, { capacity: 0, results });
}

describe("other destinations", () => {
  test("a Slack channel gets text in which nobody is mentioned", async () => {
    const { id, secret } = await made({ kind: "slack" });
    expect(secret).toBeNull();
    await call("PATCH", `alerts/${id}`, { events: ["dead_letter.created"] });
    const held = await client.start(workflow).then(() => worker.take());
    const error = { code: "BROKEN", message: "<!channel> & more" };
    const results = [{ taskId: held[0].taskId, leaseToken: held[0].leaseToken, status: "failed", error }];
    await call("POST", `workers/${worker.id}/poll`, { capacity: 0, results });
    const [message] = await receiver.messages(1);
    expect(message?.headers["webhook-signature"]).toBeUndefined();
    expect(message?.body.text).toContain("BROKEN: &lt;!channel&gt; &amp; more");
    expect(message?.body.text).toContain("New dead letter");
    expect(await call("POST", `alerts/${id}/rotate-secret`)).toMatchObject(refusal(404, "ALERT_NOT_FOUND"));
  });

  test("an address gets a mail, which is logged where no server for mails is set", async () => {
    const { id, target } = await made({ kind: "email", target: "ops@example.com" });
    expect(target).toBe("ops@example.com");
    expect((await call("POST", `alerts/${id}/test`)).body).toEqual({ delivered: true, error: null });
    expect(await deliveries(id)).toMatchObject([{ event: "test", status: "delivered" }]);
  });
});

describe("what is refused", () => {
  test.each([
    [{ kind: "webhook", target: "ftp://example.com" }, 422],
    [{ kind: "webhook", target: "no url" }, 422],
    [{ kind: "email", target: "https://example.com" }, 422],
    [{ kind: "pager", target: "https://example.com" }, 422],
    [{ kind: "slack", target: "https://example.com", events: [] }, 422],
    [{ kind: "slack", target: "https://example.com", events: ["execution.completed"] }, 422],
  ])("a destination of %j", async (body, status) => {
    expect((await call("POST", "alerts", { name: "odd", ...body })).status).toBe(status);
  });

  test("more than twenty of them", async () => {
    for (let i = 0; i < 20; i++) await made();
    expect((await call("POST", "alerts", { name: "x", kind: "webhook", target: receiver.url })).status).toBe(422);
  });

  test("an unknown one, one of another namespace, and whoever may not administer", async () => {
    const { id } = await made();
    const { reads } = server.instance;
    const { rows } = await reads.query<{ id: number }>(
      "insert into namespaces (name) values ('elsewhere') returning id",
    );
    const keyOf = async (namespaceId: number, scopes: string[]) => {
      const secret = newApiKeySecret();
      const hash = hashSecret(secret);
      await reads.query(
        addApiKey({ id: server.instance.services.keys.next(), namespaceId, name: "k", prefix: "k", hash, scopes }),
      );
      return { key: secret };
    };
    const stranger = await keyOf(rows[0]?.id ?? 0, ["read", "write", "admin"]);
    const reader = await keyOf(1, ["read"]);
    for (const [method, path, body] of [
      ["PATCH", "", { name: "mine" }],
      ["DELETE", "", undefined],
      ["POST", "/test", undefined],
      ["POST", "/rotate-secret", undefined],
      ["GET", "/deliveries", undefined],
    ] as const) {
      expect((await call(method, `alerts/alr_0000000000000${path}`, body)).status, `${method} ${path}`).toBe(404);
      expect(
        (await call(method, `alerts/${id}${path}`, body, stranger)).status,
        `${method} ${path}`,
      ).toBeGreaterThanOrEqual(403);
      expect((await call(method, `alerts/${id}${path}`, body, reader)).status, `${method} ${path}`).toBe(403);
    }
    expect((await call("GET", "alerts", undefined, reader)).status).toBe(403);
  });

  test("to call a private address that the settings do not allow", async () => {
    const strict = await startServer({ settings: { CEREBELUM_LOG_LEVEL: "silent" } });
    try {
      const body = { name: "inside", kind: "webhook", target: receiver.url };
      const { id } = (await strict.call("POST", "alerts", body)).body;
      expect((await strict.call("POST", `alerts/${id}/test`)).body).toEqual({
        delivered: false,
        error: expect.stringContaining("private or reserved address"),
      });
      expect(receiver.received).toEqual([]);
    } finally {
      await strict.close();
    }
  });
});

/** Makes what waits due now: as if it had been written before, and time had passed. */
async function soon(alert: string, ago = "1 hour"): Promise<void> {
  const id = decodeId("alert", alert);
  const { reads } = server.instance;
  await reads.query(
    `update alert_deliveries set created_at = now() - $2::interval where destination_id = $1 and delivered_at is null`,
    [id, ago],
  );
  await reads.query("select arm_alert($1, now())", [id]);
}
