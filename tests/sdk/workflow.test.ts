/** What the DSL compiles to, what it hands from step to step, and what it refuses and with which words. */
import { describe, expect, it } from "vitest";
import {
  cel,
  completed,
  DefinitionError,
  failed,
  input,
  on,
  path,
  port,
  sleep,
  sleepUntil,
  step,
  transform,
  virtualClock,
  when,
  workflow,
} from "@/worker-sdk/src/index";

interface User {
  name: string;
  age: number;
  tags: string[];
  in?: string;
}
const fetchUser = step("fetch_user", async (_: { id: string }): Promise<User> => ({ name: "Ada", age: 36, tags: [] }));
const welcome = step("welcome", async (user: User) => ({ sent: user.name }));
const ask = step("ask", async (user: User) => ({ asked: user.name }));
const a = step("a", async (n: number) => n + 1);
const b = step("b", async (n: number) => n * 10);
const c = step("c", async (n: number) => n - 1);
const sum = step("sum", async (group: { a: number; b: number }) => group.a + group.b);
const clock = virtualClock;

const edgesOf = (built: { definition: { edges: { from: string; port?: string; to: string }[] } }) =>
  built.definition.edges.map(({ from, port: out, to }) => `${from}${out === undefined ? "" : `.${out}`} > ${to}`);

describe("a timeline", () => {
  it("runs its steps one after another, each with what the one before returned", async () => {
    const built = workflow("chain").timeline(a, b);
    expect(built.definition).toEqual({
      format: 1,
      name: "chain",
      nodes: [
        { id: "a", type: "task", task: "a", input: "=input" },
        { id: "b", type: "task", task: "b", input: "=steps.a.output" },
      ],
      edges: [{ from: "a", to: "b" }],
      output: "=steps.b.output",
    });
    expect(await built.execute(1)).toBe(20);
  });

  it("runs a group in parallel and joins it to an object of its outputs", async () => {
    const built = workflow("group").timeline(a.as("first"), [a, b], sum);
    expect(edgesOf(built)).toEqual(["first > a", "first > b", "a > sum", "b > sum"]);
    expect(await built.execute(1)).toBe(3 + 20);
  });

  it("takes paths as strands of a group, each named by its last step", async () => {
    const built = workflow("strands").timeline([path(a.as("a1"), a), path(b, sleep("1h"))], sum);
    expect(await built.execute(1, { clock: clock() })).toBe(3 + 10);
  });

  it("hands a value on through sleeps, and computes one in a transform", async () => {
    const doubled = transform<number>("doubled", "=steps.a.output * 2");
    const built = workflow("handing_on").timeline(a, sleep("30d"), doubled, sleepUntil("2031-01-01T00:00:00.000Z"), c);
    expect(built.definition.nodes.map(({ id, type }) => `${id}: ${type}`)).toEqual([
      "a: task",
      "sleep: sleep",
      "doubled: transform",
      "sleep_2: sleep",
      "c: task",
    ]);
    expect(await built.execute(1, { clock: clock() })).toBe(3);
  });

  it("gives a step the input that with() says", async () => {
    const greet = step(
      "greet",
      async (of: { name: string; by: string; note: string }) => `${of.by}: ${of.name} ${of.note}`,
    );
    const built = workflow<{ id: string; by: string }>("with").timeline(
      fetchUser,
      greet.with({ name: on(fetchUser).name, by: input<{ by: string }>().by, note: "==)" }),
    );
    expect(built.definition.nodes[1]).toMatchObject({
      input: { name: "=steps.fetch_user.output.name", by: "=input.by", note: "==)" },
    });
    expect(await built.execute({ id: "1", by: "Bob" })).toBe("Bob: Ada =)");
  });

  it("gives a step after an any join only what is there", async () => {
    const first = step("first", async (group: { a: number | null; b: number | null }) => group.a ?? group.b, {
      join: "any",
    });
    const slow = step("b", async (n: number) => n);
    const race = workflow("race").timeline([a, path(sleep("1h"), slow)], first);
    expect(await race.execute(1, { clock: clock() })).toBe(2);
  });

  it("returns what output() says", async () => {
    const built = workflow("said")
      .timeline(a, b)
      .output<{ both: number[] }>({ both: [on(a), on(b)] });
    expect(await built.execute(1)).toEqual({ both: [2, 20] });
  });

  it("carries the options of steps and workflow into the document", () => {
    const careful = step("careful", async () => 1, {
      queue: "q",
      retry: { maxAttempts: 5, nonRetryable: ["NO"] },
      timeout: { attempt: "30s" },
      priority: 7,
      ports: ["spam"],
      join: 1,
      keepLosers: true,
    });
    const options = { description: "d", inputSchema: { type: "object" }, defaults: { queue: "x" }, timeout: "1h" };
    const { definition } = workflow("options", options).timeline(a, careful);
    expect(definition).toMatchObject(options);
    expect(definition.nodes[1]).toMatchObject({ ...careful.options, id: "careful", type: "task", task: "careful" });
  });

  it("is not changed by what is built upon it", () => {
    const base = workflow("base").timeline(a);
    base.timeline(b);
    expect(base.definition.nodes).toHaveLength(1);
  });
});

describe("a branch", () => {
  const branched = workflow("onboarding")
    .timeline(fetchUser)
    .branch(fetchUser, { adult: when(on(fetchUser).age.gte(18), welcome), otherwise: ask });

  it("is a choice after the step whose arms exclude each other and meet again", async () => {
    const built = branched.timeline(
      sleep("1d"),
      step("done", (mail: { sent: string } | { asked: string }) => mail),
    );
    expect(built.definition.nodes[1]).toEqual({
      id: "fetch_user.branch",
      type: "choice",
      cases: [{ port: "adult", when: "steps.fetch_user.output.age >= 18" }],
    });
    expect(edgesOf(built)).toEqual([
      "fetch_user > fetch_user.branch",
      "fetch_user.branch.adult > welcome",
      "fetch_user.branch.otherwise > ask",
      "welcome > sleep",
      "ask > sleep",
      "sleep > done",
    ]);
    expect(await built.execute({ id: "1" }, { clock: clock() })).toEqual({ sent: "Ada" });
  });

  it("goes on past it where no case holds and there is no otherwise", async () => {
    const big = step("big", async (n: number) => `big ${n}`);
    const built = workflow("past")
      .timeline(a)
      .branch(a, { big: when(on(a).gt(10), big) });
    expect(await built.execute(1)).toBe(2);
    expect(await built.execute(10)).toBe("big 11");
  });

  it("takes the first case that holds, in the order in which they are written", async () => {
    const label = (name: string) => step(name, async () => name);
    const built = workflow("order")
      .timeline(a)
      .branch(a, {
        huge: when(on(a).gt(100), label("huge")),
        big: when(on(a).gt(10).and(on(a).ne(12)), label("big")),
        twelve: when(cel("steps.a.output == 12"), label("twelve")),
        otherwise: label("small"),
      });
    const taken = await Promise.all([200, 20, 11, 1].map((n) => built.execute(n)));
    expect(taken).toEqual(["huge", "big", "twelve", "small"]);
  });

  it("stands behind its step also in the middle of a timeline, in a path and in a group", async () => {
    const middle = workflow("middle")
      .timeline(a, c)
      .branch(a, { big: when(on(a).gt(10), b) });
    expect(await middle.execute(1)).toBe(1);
    expect(await middle.execute(10)).toBe(109);
    const inside = workflow("inside")
      .timeline([path(a, c), b])
      .branch(a, { big: when(on(a).gt(10), b.as("more")) });
    expect(await inside.execute(10)).toEqual({ c: 109, b: 100 });
    const member = workflow("member")
      .timeline([a, b], sum)
      .branch(a, { big: when(on(a).gt(10), b.as("more")) });
    expect(await member.execute(10)).toBe(110 + 100);
  });

  it("may stand in another one's arm", async () => {
    const nested = workflow("nested")
      .timeline(a)
      .branch(a, { big: when(on(a).gt(10), b) })
      .branch(b, { huge: when(on(b).gt(1000), c) });
    expect(await Promise.all([1, 10, 200].map((n) => nested.execute(n)))).toEqual([2, 110, 2009]);
  });

  it("leads on from a step's own ports and from its error", async () => {
    const classify = step("classify", async (n: number) => (n > 5 ? port("spam", { score: n }) : { clean: n }), {
      ports: ["spam"],
    });
    const quarantine = step("quarantine", async (mail: { score: number }) => `quarantined ${mail.score}`);
    const routed = workflow("ports").timeline(classify).branch(classify, { spam: quarantine });
    expect(await routed.execute(9)).toBe("quarantined 9");
    expect(await routed.execute(1)).toEqual({ clean: 1 });

    const charge = step(
      "charge",
      async (_: number): Promise<string> => {
        throw new Error("no funds");
      },
      { retry: { maxAttempts: 1 } },
    );
    const refund = step("refund", async (error: { message: string }) => `refunded: ${error.message}`);
    const caught = workflow("caught").timeline(charge).branch(charge, { error: refund });
    expect(await caught.execute(1)).toBe("refunded: no funds");
  });

  it("may end the execution", async () => {
    const guarded = workflow("guarded")
      .timeline(a)
      .branch(a, {
        negative: when(on(a).lt(0), failed("NEGATIVE", "=string(steps.a.output)")),
        zero: when(on(a).eq(0), completed({ zero: true })),
      })
      .timeline(b);
    expect(await guarded.execute(1)).toBe(20);
    expect(await guarded.execute(-1)).toEqual({ zero: true });
    await expect(guarded.execute(-5)).rejects.toMatchObject({ code: "NEGATIVE" });
  });

  it("returns null where an execution ends on a port that leads nowhere", async () => {
    const classify = step("classify", async () => port("spam", 1), { ports: ["spam"] });
    expect(await workflow("nowhere").timeline(classify, b.with(1)).execute(null)).toBe(null);
    expect(
      await workflow("group")
        .timeline([path(classify, b.with(1)), c.with(1)])
        .execute(null),
    ).toEqual({ b: null, c: 0 });
  });
});

describe("conditions and references", () => {
  it("are CEL text, with names that are no identifiers in brackets and strings quoted", () => {
    const odd = step("align.reads-1", async () => ({ "a-b": [{ x: 1 }], in: 2, plain: "y" }));
    expect(`${on(odd).at("a-b").at(0).at("x").eq(1)}`).toBe('steps["align.reads-1"].output["a-b"][0].x == 1');
    expect(`${on(odd).at("in").exists()}`).toBe('has(steps["align.reads-1"].output["in"])');
    expect(`${on(odd).plain.exists().not()}`).toBe('!(has(steps["align.reads-1"].output.plain))');
    expect(`${on(odd).plain.oneOf(['a\n"', "b"]).or(on(odd).plain.eq(input<string>()))}`).toBe(
      '(steps["align.reads-1"].output.plain in ["a\\n\\"", "b"]) || (steps["align.reads-1"].output.plain == input)',
    );
    expect(`${on(odd).in.gt(2 ** 60)}`).toBe('steps["align.reads-1"].output["in"] > 1.152921504606847e+18');
  });

  it("may stand in template strings of CEL", () => {
    expect(
      workflow("t")
        .timeline(fetchUser)
        .branch(fetchUser, {
          tagged: when(`size(${on(fetchUser).tags}) > 0`, welcome),
        }).definition.nodes[1],
    ).toMatchObject({ cases: [{ when: "size(steps.fetch_user.output.tags) > 0" }] });
  });
});

describe("refusals", () => {
  const closure = ((user: User) => user.age >= 18) as unknown as string;

  it("names what to write instead of a function as a condition", () => {
    expect(() => when(closure, welcome)).toThrow(DefinitionError);
    expect(() => when(closure, welcome)).toThrow(/is a function.*on\(fetchUser\)\.age\.gte\(18\)/s);
    expect(() => when("  ", welcome)).toThrow(/is empty/);
    expect(() => when({} as unknown as string, welcome)).toThrow(/no condition \(an object\)/);
    expect(() => on(fetchUser).age.gt((() => 18) as unknown as number)).toThrow(/is a function/);
  });

  it.each<[string, unknown, RegExp]>([
    ["a function", { f: () => 1 }, /The input of step "a"\.f is a function/],
    ["a date", [new Date(0)], /\[0\] is a Date.*toISOString/s],
    ["a class instance", new Map(), /is a Map instance.*plain object/s],
    ["a bigint", { n: 1n }, /\.n is bigint/],
    ["undefined in a list", [undefined], /\[0\] is undefined/],
    ["not a number", { n: Number.NaN }, /\.n is NaN.*finite/s],
    ["a symbol", Symbol("x"), /is symbol/],
  ])("says where %s stands, and what to do", (_, value, message) => {
    expect(() => workflow("w").timeline(a.with(value as never))).toThrow(message);
  });

  it("refuses data that contains itself", () => {
    const circle: Record<string, unknown> = {};
    circle.inner = { circle };
    expect(() => workflow("w").timeline(a.with(circle as never))).toThrow(/contains itself/);
  });

  it("refuses what is no part of a timeline", () => {
    const notAStep = (async () => 1) as unknown as typeof a;
    expect(() => workflow("w").timeline(notAStep)).toThrow(/Element 1 .* is a function.*Wrap the function/s);
    expect(() => workflow("w").timeline([] as unknown as [typeof a])).toThrow(/empty group/);
    expect(() => workflow("w").timeline([[a]] as unknown as [typeof a])).toThrow(/is a list/);
    expect(() => step(async () => 1)).toThrow(/needs a name/);
    expect(() => step("x", 5 as never)).toThrow(/needs a handler/);
  });

  it("refuses branches that decide nothing, hang on nothing or have no condition", () => {
    const w = workflow("w").timeline(a);
    expect(() => w.branch(a, { otherwise: b })).toThrow(/decides nothing/);
    expect(() => w.branch(b, { x: when("true", c) })).toThrow(/not in it/);
    expect(() => w.branch(a, { spam: b })).toThrow(/has no condition/);
    expect(() => w.branch(a, { 1: when("true", b) })).toThrow(/number as its name/);
  });

  it("lists everything that is wrong with a definition in one error", () => {
    const wrong = workflow("w", { timeout: "soon" }).timeline(
      step("bad name", async () => 1, { retry: { maxAttempts: 0 }, priority: 500 }),
      step("next", async () => 1, { queu: "x" } as object),
    );
    expect(() => wrong.definition).toThrow(DefinitionError);
    const error = thrownBy(() => wrong.definition);
    expect(error.findings.map(({ code, path: at }) => `${code} ${at}`)).toEqual([
      "MALFORMED_ID /nodes/0/id",
      "MALFORMED_ID /nodes/0/task",
      "RETRY_OUT_OF_BOUNDS /nodes/0/retry/maxAttempts",
      "OUT_OF_BOUNDS /nodes/0/priority",
      "UNKNOWN_FIELD /nodes/1/queu",
    ]);
    const unparsable = workflow("w", { timeout: "soon" })
      .timeline(a)
      .branch(a, { x: when("steps.a.output >", b), y: when("steps.nobody.output", c) });
    const findings = thrownBy(() => unparsable.definition).findings.filter(({ severity }) => severity === "error");
    expect(findings.length).toBeGreaterThanOrEqual(3);
    expect(thrownBy(() => unparsable.definition).message).toContain("nobody");
  });

  it("refuses one id for two places, and an empty workflow", () => {
    expect(() => workflow("w").timeline(a, a).definition).toThrow(/Two places .* "a".*step\.as/s);
    expect(() => workflow("w").definition).toThrow(/EMPTY_GRAPH/);
    expect(() => workflow("w").timeline(failed("X"), a.with(1)).definition).toThrow(/after the end/);
  });
});

function thrownBy(act: () => unknown): DefinitionError {
  try {
    act();
  } catch (error) {
    if (error instanceof DefinitionError) return error;
    throw error;
  }
  throw new Error("It threw nothing");
}
