// Where an execution is: what it waits for and why, its steps of every iteration and item, its children.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explanationSchema } from "@/lib/contract/controls";
import { refusal, TestClient, task, type Wire } from "./client";
import { startServer, type TestAnswer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const client = new TestClient(() => server);

describe("an explanation", () => {
  const explain = async (id: string) =>
    explanationSchema.parse((await client.call("GET", `executions/${id}/explain`)).body);

  test("says that no worker has come, then who has the task", async () => {
    const { workflow, queue } = await client.publish({ nodes: [task("a")] });
    const id = await client.start(workflow);
    expect(await explain(id)).toMatchObject({
      status: "running",
      items: [{ kind: "worker", node: "a", workers: 0, sentence: expect.stringMatching(/no worker .*a.*queue/i) }],
    });
    const works = await client.worker(queue, "a");
    const second = await client.start(workflow);
    expect(await explain(second)).toMatchObject({
      sentence: expect.stringContaining("1 ahead"),
      items: [{ workers: 1 }],
    });
    await works.take(1);
    const { sentence, items } = await explain(id);
    expect(sentence).toContain(works.id);
    expect(items[0]).not.toHaveProperty("workers");
  });

  test("says what is full where a key's places are taken", async () => {
    const { workflow, queue } = await client.publish({
      nodes: [task("a", { concurrencyKey: "customer-7", concurrencyLimit: 1 })],
    });
    const works = await client.worker(queue, "a");
    await client.start(workflow);
    await client.start(workflow);
    const third = await client.start(workflow);
    expect(await works.take()).toHaveLength(1);
    const { sentence } = await explain(third);
    expect(sentence).toContain("customer-7");
    expect(sentence).toMatch(/1 ahead .* 1 may run at once and 1 do/);
  });

  test("says that the queue is paused, or has given out what it may", async () => {
    const { workflow, queue } = await client.publish({ nodes: [task("a")] });
    const works = await client.worker(queue, "a");
    const limit = (body: object) => client.call("PUT", `queues/${queue}/limits`, body);
    expect(await limit({ paused: true })).toMatchObject({ status: 200 });
    const id = await client.start(workflow);
    expect((await explain(id)).sentence).toContain(`queue ${queue} is paused`);
    await limit({ rate: { limit: 1, perMs: 3_600_000 } });
    const [first] = await works.take();
    expect(first).toMatchObject({ executionId: id });
    expect((await explain(await client.start(workflow))).sentence).toMatch(/gives out 1 tasks? in/);
  });

  test("says until when a sleep lasts, and how a closed one ended", async () => {
    const { workflow } = await client.publish({ nodes: [{ id: "rest", type: "sleep", duration: "3d" }] });
    const id = await client.start(workflow);
    expect(await explain(id)).toMatchObject({
      status: "waiting",
      items: [{ kind: "sleep", node: "rest", until: expect.any(String), sentence: expect.stringContaining("rest") }],
    });
    await client.post(id, "cancel");
    expect(await explain(id)).toMatchObject({ status: "cancelled", items: [] });
  });
});

describe("steps", () => {
  test("of a map come item by item, page after page, each once", async () => {
    const { workflow } = await client.publish({
      nodes: [
        {
          id: "each",
          type: "map",
          items: "=input",
          body: {
            nodes: [
              { id: "x", type: "transform", value: "=item" },
              { id: "y", type: "transform", value: "=index" },
            ],
            edges: [{ from: "x", to: "y" }],
          },
        },
        { id: "after", type: "transform", value: 1 },
      ],
      edges: [{ from: "each", to: "after" }],
    });
    const id = await client.start(workflow, { input: [10, 20, 30] });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: TestAnswer = await client.call(
        "GET",
        `executions/${id}/steps?limit=3${cursor ? `&cursor=${cursor}` : ""}`,
      );
      seen.push(
        ...body.items.map(
          (step: Wire) => `${step.node}${step.index ? `[${step.index}]` : ""}=${JSON.stringify(step.output)}`,
        ),
      );
      cursor = body.nextCursor;
    } while (cursor !== null);
    const items = ["each/x[0]=10", "each/x[1]=20", "each/x[2]=30", "each/y[0]=0", "each/y[1]=1", "each/y[2]=2"];
    expect(seen).toEqual(['each=[{"y":0},{"y":1},{"y":2}]', "after=1", ...items]);
    expect((await client.read(id)).steps.map(({ node, index }) => `${node}${index ? `[${index}]` : ""}`)).toEqual(
      seen.map((text) => text.split("=")[0]),
    );
    expect(await client.call("GET", `executions/${id}/steps?cursor=x`)).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });

  test("of each turn of a loop are found by their iteration", async () => {
    const { workflow } = await client.publish({
      nodes: [
        { id: "count", type: "transform", value: "=loop.iteration" },
        { id: "again", type: "choice", cases: [{ port: "yes", when: "loop.iteration < 3" }] },
        { id: "end", type: "transform", value: "end" },
      ],
      edges: [
        { from: "count", to: "again" },
        { from: "again", port: "yes", to: "count", loop: { maxIterations: 5 } },
        { from: "again", port: "otherwise", to: "end" },
      ],
    });
    const id = await client.start(workflow);
    const steps = async (query: string) => {
      const found = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: TestAnswer = await client.call("GET", `executions/${id}/steps?${query}${cursor}`);
        expect(page.status).toBe(200);
        found.push(...page.body.items);
        cursor = page.body.nextCursor === null ? null : `&cursor=${page.body.nextCursor}`;
      }
      return found.map(({ node, iteration, output }) => `${node} ${iteration} ${output}`);
    };
    expect(await steps("limit=200")).toEqual(["count 3 3", "again 3 null", "end 1 end"]);
    for (const limit of [1, 200]) {
      expect(await steps(`iteration=1&limit=${limit}`)).toEqual(["count 1 1", "again 1 null", "end 1 end"]);
      expect(await steps(`iteration=2&limit=${limit}`)).toEqual(["count 2 2", "again 2 null"]);
      expect(await steps(`iteration=3&limit=${limit}`)).toEqual(["count 3 3", "again 3 null"]);
      expect(await steps(`iteration=4&limit=${limit}`)).toEqual([]);
    }
  });
});

describe("children", () => {
  test("are named by their parent, and name it", async () => {
    const child = await client.publish({ nodes: [{ id: "wait", type: "signal", signal: "go" }] });
    const { workflow } = await client.publish({ nodes: [{ id: "call", type: "workflow", workflow: child.workflow }] });
    const id = await client.start(workflow);
    expect((await client.read(await client.start(child.workflow))).children).toBeNull();
    await expect.poll(async () => (await client.read(id)).children, { timeout: 20_000 }).not.toBeNull();
    const { body } = await client.call("GET", `${(await client.read(id)).children}`);
    expect(body.items).toHaveLength(1);
    expect(await client.read(body.items[0].id)).toMatchObject({
      parent: { executionId: id, node: "call", iteration: 1, depth: 1 },
    });
  });
});
