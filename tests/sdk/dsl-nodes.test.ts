/** What each word of the DSL stands for in the definition, what it hands on when it runs, and what it refuses. */
import { describe, expect, it } from "vitest";
import {
  approval,
  cel,
  child,
  DefinitionError,
  errorOf,
  execution,
  failed,
  http,
  index,
  input,
  item,
  loop,
  map,
  on,
  outer,
  path,
  proceed,
  signal,
  sleep,
  sleepUntil,
  step,
  text,
  transform,
  virtualClock,
  when,
  workflow,
} from "@/worker-sdk/src/index";

interface Order {
  id: number;
  lines: number[];
}
const fetchOrder = step("order", async (id: number): Promise<Order> => ({ id, lines: [id, id * 2] }));
const a = step("a", async (n: number) => n + 1);
const b = step("b", async (n: number) => n * 10);
const nodesOf = (built: { definition: { nodes: object[] } }) => built.definition.nodes;
const clock = virtualClock;

describe("a step's options", () => {
  const undo = step("undo", async (_: { input: number; output: number }) => null, {
    queue: "undoing",
    retry: { maxAttempts: 5 },
  });

  it("stand in its node, with expressions as CEL", () => {
    const careful = step("careful", async (n: number) => ({ state: "done", n }), {
      sticky: true,
      concurrencyKey: text`order-${input<number>()}`,
      concurrencyLimit: 3,
      poll: {
        until: (output, round) => output.state.eq("done").or(round.gte(10)),
        interval: "5s",
        backoff: 2,
        timeout: "1d",
      },
      compensate: undo.with({ kept: "=steps.careful.output" } as never),
      returns: { type: "object" },
    });
    expect(nodesOf(workflow("w").timeline(careful))).toEqual([
      {
        id: "careful",
        type: "task",
        task: "careful",
        input: "=input",
        sticky: true,
        concurrencyKey: '="order-" + string(input)',
        concurrencyLimit: 3,
        poll: { until: '(output.state == "done") || (round >= 10)', interval: "5s", backoff: 2, timeout: "1d" },
        compensate: {
          task: "undo",
          queue: "undoing",
          retry: { maxAttempts: 5 },
          input: { kept: "=steps.careful.output" },
        },
      },
    ]);
  });

  it("bring the handlers of what compensates, and take CEL and options instead of steps and conditions", () => {
    const charged = step("charge", async (n: number) => n, { compensate: undo, poll: { until: "output > 3" } });
    const named = step("named", async (n: number) => n, {
      compensate: { task: "elsewhere", input: { by: input() } },
      poll: { until: cel("round == 2") },
    });
    const built = workflow("w").timeline(charged, named);
    expect(built.steps.map(({ id }) => id)).toEqual(["charge", "undo", "named"]);
    expect(nodesOf(built)).toMatchObject([
      { compensate: { task: "undo" }, poll: { until: "output > 3" } },
      { compensate: { task: "elsewhere", input: { by: "=input" } }, poll: { until: "round == 2" } },
    ]);
  });

  it("are refused where the engine could not evaluate them, or where they mean nothing", () => {
    const until = (condition: unknown) => () =>
      workflow("w").timeline(step("s", async () => 1, { poll: { until: condition as never } }));
    expect(until(() => true)).toThrow(/poll\.until of step "s" gives no condition.*\(output\) => output\.status\.eq/s);
    expect(until(5)).toThrow(/poll\.until of step "s" is no condition \(a number\)/);
    expect(until(" ")).toThrow(/is empty/);
    const keyed = step("s", async () => 1, { concurrencyKey: (() => "x") as never });
    expect(() => workflow("w").timeline(keyed)).toThrow(/concurrencyKey of step "s" is a function/);
    const polling = step("p", async (_: unknown) => 1, { poll: { until: "true" }, priority: 3 });
    expect(() => workflow("w").timeline(step("s", async () => 1, { compensate: polling })).definition).toThrow(
      /UNKNOWN_FIELD at \/nodes\/0\/compensate\/poll.*UNKNOWN_FIELD at \/nodes\/0\/compensate\/priority/s,
    );
  });

  it("run: rounds until the condition holds, and compensation when it fails later", async () => {
    const undone: unknown[] = [];
    let rounds = 0;
    const polled = step("polled", async (n: number) => ({ n, rounds: ++rounds }), {
      poll: { until: (output) => output.rounds.gte(3), interval: "10m" },
      compensate: step("undo", async (given: { input: number; output: { rounds: number } }) => undone.push(given)),
    });
    const built = workflow("w").timeline(polled, failed("LATER"));
    await expect(built.execute(7, { clock: clock() })).rejects.toMatchObject({ code: "LATER" });
    expect(undone).toEqual([{ input: 7, output: { n: 7, rounds: 3 } }]);
  });
});

describe("waits", () => {
  it("are nodes: an approval with its question, a signal with its name", () => {
    const built = workflow("w").timeline(
      fetchOrder,
      approval("sign_off", {
        title: text`Pay order ${on(fetchOrder).id}?`,
        description: "All of it",
        assignees: ["finance", text`owner-${on(fetchOrder).id}`],
        form: { type: "object", properties: { sum: { type: "number" } } },
        timeout: "=string(input) + 'h'",
        join: "any",
        keepLosers: true,
      }),
      signal("paid", { timeout: "14d" }),
      signal(text`paid-${execution().id}`, { id: "again" }),
      sleep("=steps.order.output.id * 1000"),
      sleep(on(fetchOrder).id, { id: "nap", join: 1 }),
      sleepUntil(new Date(0)),
    );
    expect(nodesOf(built).slice(1)).toEqual([
      {
        id: "sign_off",
        type: "approval",
        title: '="Pay order " + string(steps.order.output.id) + "?"',
        description: "All of it",
        assignees: ["finance", '="owner-" + string(steps.order.output.id)'],
        form: { type: "object", properties: { sum: { type: "number" } } },
        timeout: "=string(input) + 'h'",
        join: "any",
        keepLosers: true,
      },
      { id: "paid", type: "signal", signal: "paid", timeout: "14d" },
      { id: "again", type: "signal", signal: '="paid-" + string(execution.id)' },
      { id: "sleep", type: "sleep", duration: "=steps.order.output.id * 1000" },
      { id: "nap", type: "sleep", duration: "=steps.order.output.id", join: 1 },
      { id: "sleep_2", type: "sleep", until: "1970-01-01T00:00:00.000Z" },
    ]);
    expect(built.warnings.map(({ code, node }) => `${code} ${node}`)).toContain("NO_TIMEOUT again");
  });

  it("hand on how they ended, or lead on from there", async () => {
    const ask = approval("ask", { timeout: "2d" });
    const late = step("late", async (given: { decision: string }) => given.decision);
    const built = workflow("w").timeline(a, ask).branch(ask, { expired: late });
    expect(await built.execute(1, { clock: clock() })).toBe("expired");
    const paid = signal<{ sum: number }>("paid", { timeout: "2d" });
    const remind = step("remind", async (nothing: null) => `reminded ${nothing}`);
    expect(await workflow("w").timeline(a, paid).branch(paid, { expired: remind }).execute(1, { clock: clock() })).toBe(
      "reminded null",
    );
    await expect(workflow("w").timeline(a, ask).execute(1, { clock: clock() })).rejects.toMatchObject({
      code: "APPROVAL_EXPIRED",
    });
  });

  it("refuse what is no name and no data", () => {
    expect(() => signal(text`x-${1}`)).toThrow(/needs an id/);
    expect(() => signal("=input.name")).toThrow(/needs an id/);
    const closure = approval("x", { title: (() => "t") as never });
    expect(() => workflow("w").timeline(closure)).toThrow(/title of approval "x" is a function/);
    expect(() => workflow("w").timeline(signal("x", { timeout: new Date(0) as never }))).toThrow(
      /timeout of signal "x" is a Date/,
    );
    expect(() => workflow("w").timeline(approval("x", { form: { default: (() => 1) as never } }))).toThrow(
      /form of approval "x".*is a function/,
    );
    expect(() => workflow("w").timeline(approval("x", { titel: "t" } as never)).definition).toThrow(
      /UNKNOWN_FIELD at \/nodes\/0\/titel/,
    );
  });
});

describe("children", () => {
  const shipping = workflow("shipping").timeline(a, b);

  it("start another workflow with what was handed on, or with an input of their own", () => {
    const built = workflow("w").timeline(
      a.as("first"),
      child(shipping),
      child(shipping, { id: "again", input: "=steps.first.output", version: 2, onCancel: "abandon" }),
      child("audit", { input: { all: on(shippingStep()) }, wait: false }),
    );
    expect(nodesOf(built).slice(1)).toEqual([
      { id: "shipping", type: "workflow", workflow: "shipping", input: "=steps.first.output" },
      {
        id: "again",
        type: "workflow",
        workflow: "shipping",
        input: "=steps.first.output",
        version: 2,
        onCancel: "abandon",
      },
      { id: "audit", type: "workflow", workflow: "audit", input: { all: "=steps.shipping.output" }, wait: false },
    ]);
    expect(built.children).toEqual([shipping, shipping]);
    expect(built.steps.map(({ id }) => id)).toEqual(["first"]);
  });
  const shippingStep = () => child(shipping);

  it("give what the other returned, and fail as CHILD_FAILED", async () => {
    const report = step("report", async (n: number) => `shipped ${n}`);
    expect(await workflow("w").timeline(a.as("first"), child(shipping), report).execute(1)).toBe("shipped 30");
    const broken = workflow("broken").timeline(failed("BROKEN"));
    const built = workflow("w").timeline(child(broken));
    const told = step("told", async (error: { code: string; details?: unknown }) => error);
    expect(await built.branch(child(broken), { error: told }).execute(null)).toMatchObject({
      code: "CHILD_FAILED",
      details: { error: { code: "BROKEN" } },
    });
  });
});

describe("maps", () => {
  const list = step("list", async (n: number) => Array.from({ length: n }, (_, i) => i + 1));

  it("are short where their body is one step, and a graph of its own where it is more", () => {
    const short = workflow("w").timeline(list, map("each", b.with(item<number>()), { concurrency: 5 }));
    expect(nodesOf(short)[1]).toEqual({
      id: "each",
      type: "map",
      items: "=steps.list.output",
      concurrency: 5,
      body: { task: "b", input: "=item" },
    });
    const long = workflow("w").timeline(list, map("each", on(list), path(a, b), { failure: "continue" }));
    expect(nodesOf(long)[1]).toEqual({
      id: "each",
      type: "map",
      items: "=steps.list.output",
      failure: "continue",
      body: {
        nodes: [
          { id: "a", type: "task", task: "a", input: "=item" },
          { id: "b", type: "task", task: "b", input: "=steps.a.output" },
        ],
        edges: [{ from: "a", to: "b" }],
        output: "=steps.b.output",
      },
    });
    expect(long.steps.map(({ id }) => id)).toEqual(["list", "a", "b"]);
  });

  it("give the outputs in order, or how each item ended", async () => {
    const odd = step("odd", async (n: number) => (n % 2 === 0 ? Promise.reject(new Error(`even ${n}`)) : n * 10), {
      retry: { maxAttempts: 1 },
    });
    expect(
      await workflow("w")
        .timeline(list, map("each", path(a, b)))
        .execute(3),
    ).toEqual([20, 30, 40]);
    expect(await workflow("w").timeline(list, map("each", b)).execute(0)).toEqual([]);
    expect(
      await workflow("w")
        .timeline(list, map("each", odd, { failure: "continue" }))
        .execute(2),
    ).toMatchObject([
      { status: "completed", output: 10 },
      { status: "failed", error: { message: "even 2" } },
    ]);
    await expect(workflow("w").timeline(list, map("each", odd)).execute(2)).rejects.toMatchObject({
      code: "MAP_FAILED",
    });
  });

  it("see the item, its index, steps before them, and the map around them", async () => {
    const say = step("say", async (of: object) => Object.values(of).join(" "));
    const built = workflow("w").timeline(
      list,
      map(
        "outer",
        on(list),
        map(
          "inner",
          ["x", "y"],
          say.with({
            i: outer<number>().item,
            oi: outer().index,
            item: item<string>(),
            at: index(),
            all: input<number>(),
          }),
        ),
      ),
    );
    expect(await built.execute(2)).toEqual([
      ["1 0 x 0 2", "1 0 y 1 2"],
      ["2 1 x 0 2", "2 1 y 1 2"],
    ]);
  });

  it("take a workflow as a body, with its branches and its output", async () => {
    const one = workflow<number>("one")
      .timeline(a)
      .branch(a, { big: when(on(a).gt(2), b), otherwise: proceed() })
      .output({ n: item<number>(), made: on(a), big: cel("has(steps.b.output)") });
    const built = workflow("w").timeline(list, map("each", one));
    expect(await built.execute(3)).toEqual([
      { n: 1, made: 2, big: false },
      { n: 2, made: 3, big: true },
      { n: 3, made: 4, big: true },
    ]);
  });

  it("let a branch stand behind a step in their body", async () => {
    const built = workflow("w")
      .timeline(list, map("each", a))
      .branch(a, { big: when(on(a).gt(2), b) });
    expect(await built.execute(2)).toEqual([2, 30]);
  });

  it("refuse bodies that are none, items that are no data, and ids that are taken", () => {
    expect(() => map("each", on(list), (() => 1) as never)).toThrow(/The body of map "each" is a function/);
    expect(() => map("each", workflow("empty") as never)).toThrow(/workflow without steps/);
    expect(() => map("each", [() => 1] as never, a.with(1) as never)).toThrow(
      /The items of map "each"\[0\] is a function/,
    );
    const twice = workflow("w").timeline(a, map("each", [1], path(a, b)));
    expect(() => twice.definition).toThrow(/DUPLICATE_ID at \/nodes\/1\/body\/nodes\/0\/id: Two places/);
    const wrong = workflow("w").timeline(list, map("each", path(a, b.with("=steps.nobody.output"))));
    expect(() => wrong.definition).toThrow(/at \/nodes\/1\/body\/nodes\/1\/input/);
  });
});

describe("calls and computed values", () => {
  it("are nodes with expressions in them", () => {
    const built = workflow("w").timeline(
      fetchOrder,
      http("rate", {
        method: "POST",
        url: text`https://rates.example.com/${on(fetchOrder).id}?q="${"x"}"`,
        headers: { authorization: "=input.token" },
        query: { n: on(fetchOrder).id, list: [1, 2] },
        body: { order: on(fetchOrder) },
        retry: { maxAttempts: 2 },
        timeout: { attempt: "5s" },
      }),
      transform("mail", {
        id: on(fetchOrder).id,
        hello: text`${on(fetchOrder).id}`,
        size: "=size(steps.order.output.lines)",
      }),
    );
    expect(nodesOf(built).slice(1)).toEqual([
      {
        id: "rate",
        type: "http",
        request: {
          method: "POST",
          url: '="https://rates.example.com/" + string(steps.order.output.id) + "?q=\\"" + "x" + "\\""',
          headers: { authorization: "=input.token" },
          query: { n: "=steps.order.output.id", list: [1, 2] },
          body: { order: "=steps.order.output" },
        },
        retry: { maxAttempts: 2 },
        timeout: { attempt: "5s" },
      },
      {
        id: "mail",
        type: "transform",
        value: {
          id: "=steps.order.output.id",
          hello: "=string(steps.order.output.id)",
          size: "=size(steps.order.output.lines)",
        },
      },
    ]);
  });

  it("compute what they say", async () => {
    const built = workflow("w").timeline(
      fetchOrder,
      transform("said", {
        text: text`${on(fetchOrder).id}: "${on(fetchOrder).lines.at(1)}" ${true} ${5}\n`,
        none: text``,
        other: on(fetchOrder).at("missing").orElse("none"),
        there: on(fetchOrder).lines.at(1).orElse(0),
        not: on(fetchOrder).lines.at(7).orElse(0),
        nor: on(fetchOrder).at("missing").at(7).orElse(0),
        version: execution().version,
      }),
    );
    expect(await built.execute(3)).toEqual({
      text: '3: "6" true 5\n',
      none: "",
      other: "none",
      there: 6,
      not: 0,
      nor: 0,
      version: 1,
    });
  });
});

describe("references", () => {
  it("are CEL for whatever an expression may see", () => {
    const texts = [
      errorOf(a).code,
      execution().startedAt,
      item<Order>().lines,
      index(),
      outer<Order>().item.id,
      loop().iteration,
      loop<Order>().value.id,
      loop().outer.value,
    ];
    expect(texts.map(String)).toEqual([
      "steps.a.error.code",
      "execution.startedAt",
      "item.lines",
      "index",
      "outer.item.id",
      "loop.iteration",
      "loop.value.id",
      "loop.outer.value",
    ]);
    expect(`${on(a).orElse(input<number>())}`).toBe("(has(steps.a.output) ? steps.a.output : input)");
    expect(`${on(a).eq(1).and(errorOf(a).exists().not())}`).toBe("(steps.a.output == 1) && (!(has(steps.a.error)))");
    expect(() => text`${(() => 1) as never}`).toThrow(DefinitionError);
  });
});

describe("what a step says that it returns", () => {
  const user = step(
    "user",
    async (): Promise<{
      name: string;
      address: { city: string };
      tags: { id: number }[];
      more: Record<string, string>;
    }> => {
      throw new Error("never run");
    },
    {
      returns: {
        type: "object",
        properties: {
          name: { type: "string" },
          address: { type: "object", properties: { city: { type: "string" } }, additionalProperties: false },
          tags: { type: "array", items: { type: "object", properties: { id: { type: "number" } } } },
          more: { type: "object", properties: {}, additionalProperties: true },
        },
      },
    },
  );
  const asked = (expression: string) => () => workflow("w").timeline(user, transform("t", `=${expression}`)).definition;

  it("lets its fields be read, and refuses others, whoever names them", () => {
    for (const known of ["name", "address.city", "tags[0].id", "tags", "more.anything"])
      asked(`steps.user.output.${known}`)();
    expect(asked("steps.user.output.nme")).toThrow(
      /UNKNOWN_RESULT_FIELD at \/nodes\/1\/value: .*the field nme, which user does not return/,
    );
    expect(asked("has(steps.user.output.address.town)")).toThrow(/the field town/);
    expect(asked("steps.user.output.tags[3].name")).toThrow(/the field name/);
    const unknown = on(user) as unknown as { nobody: { eq(value: number): ReturnType<typeof cel> } };
    const built = workflow("w").timeline(user);
    expect(() => built.branch(user, { x: when(unknown.nobody.eq(1), failed("X")) }).definition).toThrow(
      /cases\/0\/when.*nobody/s,
    );
    expect(() => built.output(unknown.nobody as never).definition).toThrow(/UNKNOWN_RESULT_FIELD at \/output/);
    const mapped = workflow("w").timeline(user, map("each", [1], path(a, transform("t", "=steps.user.output.nobody"))));
    expect(() => mapped.definition).toThrow(/UNKNOWN_RESULT_FIELD at \/nodes\/1\/body\/nodes\/1\/value/);
    const short = workflow("w").timeline(user, map("each", [1], a.with("=steps.user.output.nobody")));
    expect(() => short.definition).toThrow(/UNKNOWN_RESULT_FIELD at \/nodes\/1\/body\/input/);
    const polled = step("polled", async () => 1, {
      poll: { until: "output.dne" },
      returns: { properties: { done: true } },
    });
    expect(() => workflow("w").timeline(polled).definition).toThrow(/output\.dne reads the field dne/);
  });
});
