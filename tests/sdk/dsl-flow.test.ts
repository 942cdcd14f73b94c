/** Divergence and jumps: which edges rules become, where executions go by them, and which jumps are refused and with which words. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  approval,
  backTo,
  completed,
  DefinitionError,
  errorOf,
  fail,
  failed,
  type HistoryEvent,
  item,
  loop,
  map,
  matches,
  on,
  onError,
  path,
  port,
  proceed,
  retry,
  skipTo,
  sleep,
  step,
  virtualClock,
  type Workflow,
  when,
  workflow,
} from "@/worker-sdk/src/index";

const a = step("a", async (n: number) => n + 1);
const b = step("b", async (n: number) => n * 10);
const c = step("c", async (n: number) => n - 1);
const d = step("d", async (n: number) => n);
const once = { retry: { maxAttempts: 1 } };

interface Built {
  definition: {
    nodes: { id: string; type: string }[];
    edges: { from: string; port?: string; to: string; loop?: object }[];
  };
}
const edgesOf = ({ definition }: Built) =>
  definition.edges.map(
    ({ from, port: out, to, loop: back }) => `${from}${out === undefined ? "" : `.${out}`} ${back ? "↺" : ">"} ${to}`,
  );
const nodeOf = ({ definition }: Built, id: string) => definition.nodes.find((node) => node.id === id);

/** Runs it without waiting, and says which steps ended how, in order. */
async function run(built: { execute: (input: never, options: object) => Promise<unknown> }, input: unknown) {
  const ended: string[] = [];
  const onEvent = ({ type, data }: HistoryEvent) => {
    if (type === "StepCompleted" || type === "StepSkipped" || type === "StepFailed")
      ended.push(`${data.node} ${type.slice(4).toLowerCase()}`);
  };
  const output = await built
    .execute(input as never, { clock: virtualClock(), onEvent })
    .catch((error: unknown) => error);
  return { output, ended };
}

function findingsOf(built: { definition: unknown }) {
  try {
    built.definition;
  } catch (error) {
    if (error instanceof DefinitionError) return error.findings.filter(({ severity }) => severity === "error");
    throw error;
  }
  return [];
}
const codesOf = (built: { definition: unknown }) =>
  findingsOf(built).map(({ code, node }) => `${code} ${node ?? ""}`.trim());

describe("rules on a result", () => {
  const diverged = workflow("rules")
    .timeline(a, b, c, d)
    .diverge(b, {
      again: when(on(b).lt(100), backTo(a, { maxIterations: 20, carry: { last: on(b) } })),
      over: matches(110, skipTo(d)),
      no: when("steps.b.output > 1000", failed("TOO_BIG", "=string(steps.b.output)")),
      done: when(on(b).eq(120), completed({ early: on(b) })),
      on: when(on(b).eq(130), proceed()),
    });

  it("are one choice after the step, and lead back, ahead, to an end, or on", () => {
    expect(nodeOf(diverged, "b.diverge")).toEqual({
      id: "b.diverge",
      type: "choice",
      cases: [
        { port: "again", when: "steps.b.output < 100" },
        { port: "over", when: "steps.b.output == 110" },
        { port: "no", when: "steps.b.output > 1000" },
        { port: "done", when: "steps.b.output == 120" },
        { port: "on", when: "steps.b.output == 130" },
      ],
    });
    expect(edgesOf(diverged)).toEqual([
      "a > b",
      "b > b.diverge",
      "b.diverge.no > fail",
      "b.diverge.done > succeed",
      "b.diverge.on > c",
      "b.diverge.otherwise > c",
      "c > d",
      "b.diverge.over > d",
      "b.diverge.again ↺ a",
    ]);
    expect(diverged.definition.edges.at(-1)?.loop).toEqual({ maxIterations: 20, carry: { last: "=steps.b.output" } });
  });

  it("take the first that holds; what none takes goes on", async () => {
    expect((await run(diverged, 13)).output).toBe(139);
    expect((await run(diverged, 12)).output).toBe(129);
    expect((await run(diverged, 11)).output).toEqual({ early: 120 });
    expect((await run(diverged, 10)).output).toBe(110);
    expect((await run(diverged, 10)).ended).toContain("c skipped");
    expect((await run(diverged, 1000)).output).toMatchObject({ code: "TOO_BIG", error: { message: "10010" } });
    expect((await run(diverged, 0)).output).toMatchObject({ code: "LOOP_LIMIT" });
  });

  it("run a step anew until it says otherwise, with what the turn before carried", async () => {
    const seen: unknown[] = [];
    const draft = step("draft", async ({ topic, notes }: { topic: string; notes: string[] | null }) => {
      seen.push(notes);
      return { text: topic, words: (notes?.length ?? 0) * 10 };
    });
    const review = step("review", async (text: { words: number }) => ({
      good: text.words >= 20,
      notes: ["more", "and more"].slice(0, text.words / 10 + 1),
    }));
    const article = workflow<{ topic: string }>("article")
      .timeline(draft.with({ topic: "=input.topic", notes: loop<string[]>().value }), review)
      .diverge(review, {
        again: when(on(review).good.eq(false), backTo(draft, { carry: on(review).notes })),
      });
    expect((await run(article, { topic: "CEL" })).output).toEqual({ good: true, notes: ["more", "and more"] });
    expect(seen).toEqual([null, ["more"], ["more", "and more"]]);
  });

  it("may wait before they run it anew, and count the turns", async () => {
    const clock = virtualClock("2030-01-01T00:00:00.000Z");
    const check = step("check", async () => clock.now());
    const waiting = workflow("waiting")
      .timeline(check)
      .diverge(check, { early: when("loop.iteration < 4", sleep("1h"), retry()) });
    expect(await waiting.execute(null, { clock })).toBe(Date.parse("2030-01-01T03:00:00.000Z"));
  });

  it("match patterns field by field, and never what is not there", async () => {
    const fetch = step(
      "fetch",
      async (user: object) => user as { age?: number; address?: { city: string } | null; tags?: string[] },
    );
    const built = workflow("patterns")
      .timeline(fetch)
      .diverge(fetch, {
        roman: matches({ address: { city: "Rome" }, tags: ["a", "b"] }, completed("roman")),
        minor: matches({ age: 17 }, completed("minor")),
        homeless: matches({ address: null }, completed("homeless")),
        otherwise: completed("other"),
      });
    const said = async (user: object) => (await run(built, user)).output;
    expect(await said({ address: { city: "Rome" }, tags: ["a", "b"] })).toBe("roman");
    expect(await said({ address: { city: "Rome" }, tags: ["a", "b", "c"], age: 17 })).toBe("minor");
    expect(await said({ address: null })).toBe("homeless");
    expect(await said({ address: { city: 5 }, age: "17" })).toBe("other");
    expect(await said({})).toBe("other");
  });

  it("hand on what the way that was taken gave", async () => {
    const small = step("small", async (n: number) => `small ${n}`);
    const last = step("last", async (given: number | string) => `got ${given}`);
    const built = workflow("values")
      .timeline(a, b, sleep("1h"), last)
      .diverge(a, { skip: when(on(a).lt(5), small, skipTo("last")), plain: when(on(a).lt(10), skipTo("last")) });
    expect((await run(built, 1)).output).toBe("got small 2");
    expect((await run(built, 6)).output).toBe("got 7");
    expect((await run(built, 10)).output).toBe("got 110");
    const passing = workflow("passing")
      .timeline(a)
      .branch(a, { keep: when(on(a).lt(5), proceed()), otherwise: small })
      .timeline(last);
    expect((await run(passing, 1)).output).toBe("got 2");
    expect((await run(passing, 9)).output).toBe("got small 10");
  });
});

describe("rules on an error", () => {
  const charge = step(
    "charge",
    async (code: string) =>
      code === "" ? "charged" : fail({ code, message: `it said ${code}`, details: { status: 404 } }),
    once,
  );
  const ask = step("ask", async (error: { code: string }) => `asked after ${error.code}`);
  const built = workflow("errors")
    .timeline(charge)
    .diverge(charge, {
      broke: onError("NO_FUNDS", ask),
      slow: onError(["HTTP_*", "*_TIMEOUT", "A*Z"], completed("slow")),
      missing: onError({ code: "ODD", details: { status: 404 } }, proceed()),
      asked: onError(errorOf(charge).message.eq("it said WHO"), failed("WHO_ASKED")),
      same: onError("SAME", ask.as("told"), failed()),
    });

  it("are a choice on the step's error, and what none takes is the step's own failure", async () => {
    expect(edgesOf(built)).toEqual([
      "charge.error > charge.errors",
      "charge.errors.otherwise > charge.rethrow",
      "charge.errors.broke > ask",
      "charge.errors.slow > succeed",
      "charge.errors.asked > fail",
      "charge.errors.same > told",
      "told > fail_2",
    ]);
    expect(nodeOf(built, "charge.rethrow")).toEqual({ id: "charge.rethrow", type: "fail", rethrow: "charge" });
    expect(nodeOf(built, "fail_2")).toEqual({ id: "fail_2", type: "fail", rethrow: "charge" });
    const other = await run(built, "OTHER");
    expect(other.output).toMatchObject({ code: "OTHER", error: { node: "charge", details: { status: 404 } } });
  });

  it("take the first whose code, pattern or condition fits", async () => {
    const said = async (code: string) => (await run(built, code)).output;
    expect(await said("")).toBe("charged");
    expect(await said("NO_FUNDS")).toBe("asked after NO_FUNDS");
    expect(await Promise.all(["HTTP_ERROR", "ATTEMPT_TIMEOUT", "AZ", "A..Z"].map(said))).toEqual(Array(4).fill("slow"));
    expect(await said("ODD")).toMatchObject({ code: "ODD", message: "it said ODD" });
    expect(await said("WHO")).toMatchObject({ code: "WHO_ASKED" });
    expect(await said("SAME")).toMatchObject({ code: "SAME", error: { node: "charge" } });
    expect(await said("HTTP")).toMatchObject({ code: "HTTP" });
  });

  it("may run the step anew, and leave the rest to `error`", async () => {
    let tries = 0;
    const flaky = step(
      "flaky",
      async (until: number) => (++tries < until ? fail({ code: "FLAKY", message: `${tries}` }) : tries),
      once,
    );
    const again = workflow("again")
      .timeline(flaky)
      .diverge(flaky, {
        flaky: onError("FLAKY", sleep("10m"), retry({ maxIterations: 3 })),
        error: completed("given up"),
      });
    expect((await run(again, 3)).output).toBe(3);
    tries = 0;
    expect((await run(again, 9)).output).toMatchObject({ code: "LOOP_LIMIT" });
    const always = workflow("always").timeline(charge).diverge(charge, { error: ask });
    expect(edgesOf(always)).toEqual(["charge.error > ask"]);
    expect((await run(always, "ANY")).output).toBe("asked after ANY");
  });

  it("may be added to rules that are there: the first that fits wins, whoever wrote it", async () => {
    const text = step("text", async (n: number) => `text ${n}`, once);
    const say = step("say", async (given: string | number) => `said ${given}`);
    const some = step("some", async (n: number) => (n < 0 ? fail({ code: "NEGATIVE", message: "below" }) : n), once);
    const added = workflow("added")
      .timeline(some)
      .diverge(some, {
        below: onError(
          "NEGATIVE",
          step("zero", async () => "zero"),
        ),
        small: when(on(some).lt(5), text),
      })
      .branch(some, { five: when(on(some).lt(6), text.as("five")), otherwise: text.as("big") })
      .timeline(say);
    const said = async (n: number) => (await run(added, n)).output;
    expect(await Promise.all([-1, 1, 5, 9].map(said))).toEqual([
      "said zero",
      "said text 1",
      "said text 5",
      "said text 9",
    ]);
    expect(() => added.branch(some, { small: when("true", b) } as never)).toThrow(
      /Two branches after "some" have an arm "small"/,
    );
    expect(() => added.branch(some, { otherwise: say, x: when("true", say) } as never)).toThrow(/an arm "otherwise"/);
  });

  it("stand beside rules on the result", async () => {
    const both = workflow("both")
      .timeline(a, charge.with("=input > 1 ? 'GONE' : ''"), c.with(1))
      .diverge(charge, { gone: onError("GONE", completed("gone")), ok: matches("charged", completed("charged")) });
    expect((await run(both, 1)).output).toBe("charged");
    expect((await run(both, 2)).output).toBe("gone");
  });
});

describe("several ways back", () => {
  /** Says what it is told, call by call; `!` before a code fails with it. */
  const told = (says: string[]) => async () => {
    const next = says.shift() ?? "done";
    return next.startsWith("!") ? fail({ code: next.slice(1), message: "told so" }) : next;
  };
  const quoting = (says: string[]) => {
    const pay = step("pay", told(says), once);
    return workflow("quoting")
      .timeline(
        step("quote", async () => 1),
        pay,
      )
      .diverge(pay, {
        dear: when(on(pay).eq("dear"), backTo("quote", { maxIterations: 4 })),
        moment: when(on(pay).eq("moment"), sleep("1m"), retry({ maxIterations: 3 })),
        flaky: onError("FLAKY", sleep("10m"), retry({ maxIterations: 3 })),
        slow: onError("SLOW", retry({ maxIterations: 5 })),
      });
  };
  const turns = async (...says: string[]) => {
    const { output, ended } = await run(quoting(says), null);
    const count = (node: string) =>
      ended.filter((one) => one.startsWith(`${node} `) && !one.endsWith("skipped")).length;
    return { output, quotes: count("quote"), payments: count("pay") };
  };

  it("from one step nest, whichever is taken", async () => {
    expect(findingsOf(quoting([]))).toEqual([]);
    expect(await turns()).toMatchObject({ output: "done", quotes: 1, payments: 1 });
    expect(await turns("dear", "dear")).toMatchObject({ output: "done", quotes: 3, payments: 3 });
    expect(await turns("moment", "!FLAKY", "moment")).toMatchObject({ output: { code: "LOOP_LIMIT" }, payments: 3 });
    expect(await turns("!FLAKY", "dear", "!FLAKY", "moment", "dear", "!SLOW")).toMatchObject({
      output: "done",
      quotes: 3,
      payments: 7,
    });
    expect(await turns("!SLOW", "!SLOW", "!SLOW", "!SLOW")).toMatchObject({ output: "done", quotes: 1, payments: 5 });
    expect(await turns("!OTHER")).toMatchObject({ output: { code: "OTHER" } });
  });

  it("nest where one of them is otherwise", async () => {
    const says = ["!SLOW", "dear", "!FLAKY", "!FLAKY", "dear", "done"];
    const pay = step("pay", told(says), once);
    const quote = step("quote", async () => 1);
    const built = workflow("w")
      .timeline(
        step("first", async () => 0),
        quote,
        pay,
      )
      .diverge(quote, { never: when("false", backTo("first")), otherwise: proceed() })
      .diverge(pay, {
        done: matches("done", proceed()),
        flaky: onError("FLAKY", sleep("1h"), retry()),
        error: backTo("first"),
        otherwise: backTo(quote),
      });
    const { output, ended } = await run(built, null);
    expect(output).toBe("done");
    expect(["first", "quote"].map((node) => ended.filter((one) => one === `${node} completed`).length)).toEqual([2, 4]);
  });

  it("from several steps nest, too, also in the body of a map", async () => {
    const says = ["up", "far", "near", "up", "near"];
    const third = step("third", told(says));
    const fourth = step("fourth", told(says));
    const built = workflow("w")
      .timeline(a, b, third, fourth)
      .diverge(third, { up: when(on(third).eq("up"), backTo(a)) })
      .diverge(fourth, { near: when(on(fourth).eq("near"), backTo(b)) });
    const { output, ended } = await run(built, 1);
    expect(output).toBe("done");
    expect(
      ["a", "b", "third", "fourth"].map((node) => ended.filter((one) => one === `${node} completed`).length),
    ).toEqual([3, 4, 4, 2]);
    const mapped = workflow("w")
      .timeline(map("each", [1], path(a, b, c, d)))
      .diverge(c, { up: when(loop().outer.iteration.lt(2), backTo(a)) })
      .diverge(d, { near: when(loop().iteration.lt(3), backTo(b)) });
    expect(findingsOf(mapped)).toEqual([]);
    expect((await run(mapped, 1)).output).toEqual([19]);
  });
});

describe("any ways back from any steps", () => {
  /** A way back of step `of` to step `to`: on its result or its error, at once or after a wait. */
  interface Back {
    of: number;
    to: number;
    onError: boolean;
    waits: boolean;
  }
  const COUNT = 5;
  const backs = fc
    .uniqueArray(
      fc.record({ of: fc.nat(COUNT - 1), to: fc.nat(COUNT - 1), onError: fc.boolean(), waits: fc.boolean() }),
      { maxLength: 6, selector: ({ of, to, onError, waits }) => `${of} ${to} ${onError} ${waits}` },
    )
    .map((all) => all.filter(({ of, to }) => to <= of));
  const nameOf = ({ to, onError, waits }: Back) => `${onError ? "E" : "R"}${to}${waits ? "W" : ""}`;

  function chainOf(ways: readonly Back[], script: string[], ran: number[]) {
    const steps = Array.from({ length: COUNT }, (_, i) =>
      step(
        `s${i}`,
        async () => {
          ran.push(i);
          const says = script.shift() ?? "on";
          return says.startsWith("E") ? fail({ code: says, message: "told so" }) : says;
        },
        once,
      ),
    );
    return steps.reduce(
      (chain, of, i) => {
        const rules = ways
          .filter((way) => way.of === i)
          .map((way) => {
            const path = [...(way.waits ? [sleep("1h")] : []), way.to === i ? retry() : backTo(`s${way.to}`)];
            const name = nameOf(way);
            return [name.toLowerCase(), way.onError ? onError(name, ...path) : when(on(of).eq(name), ...path)];
          });
        return rules.length === 0 ? chain : chain.diverge(of, Object.fromEntries(rules));
      },
      workflow("any").timeline(...steps) as Workflow<unknown, unknown>,
    );
  }

  /** What a chain does that knows nothing of graphs. */
  function walk(ways: readonly Back[], script: readonly string[]): number[] {
    const ran: number[] = [];
    for (let i = 0, said = 0; i < COUNT; said++) {
      ran.push(i);
      i = ways.find((way) => way.of === i && nameOf(way) === script[said])?.to ?? i + 1;
    }
    return ran;
  }

  /** Only what leads somewhere from where it is said. */
  function scriptOf(ways: readonly Back[], picks: readonly number[]): string[] {
    const script: string[] = [];
    for (let i = 0; i < COUNT && script.length < picks.length; ) {
      const open = ways.filter(({ of }) => of === i);
      const way = open[(picks[script.length] ?? 0) % (open.length + 1)];
      script.push(way === undefined ? "on" : nameOf(way));
      i = way?.to ?? i + 1;
    }
    return script;
  }

  it("can be taken in any order", async () => {
    const picks = fc.array(fc.nat(99), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(backs, picks, async (ways, picked) => {
        const script = scriptOf(ways, picked);
        const ran: number[] = [];
        const { output } = await run(chainOf(ways, [...script], ran), null);
        expect(output).toBe("on");
        expect(ran).toEqual(walk(ways, script));
      }),
      { numRuns: 60 },
    );
  });
});

describe("ports and actions", () => {
  it("let a handler choose where it goes by a port that a rule leads on", async () => {
    const review = step("review", async (n: number) => (n < 30 ? port("again", n) : n), { ports: ["again"] });
    const built = workflow("ports")
      .timeline(a, b, review)
      .diverge(review, { again: backTo(b) });
    expect(edgesOf(built)).toEqual(["a > b", "b > review", "review.again ↺ b"]);
    expect((await run(built, 3)).output).toBe(40);
    expect((await run(built, 1)).output).toMatchObject({ code: "LOOP_LIMIT" });
  });

  it("let a handler end with a jump that it lists, on the port made for it", async () => {
    let rounds = 0;
    const act = step(
      "act",
      async (n: number) => (n > 100 ? skipTo("d") : ++rounds < 3 ? backTo("a") : rounds < 5 ? retry() : n),
      {
        actions: [backTo("a", { maxIterations: 5 }), skipTo("d"), retry()],
      },
    );
    const built = workflow("actions").timeline(a, act, c, d);
    expect(nodeOf(built, "act")).toMatchObject({ ports: ["back_to.a", "skip_to.d", "retry"] });
    expect(edgesOf(built)).toEqual([
      "a > act",
      "act > c",
      "c > d",
      "act.skip_to.d > d",
      "act.back_to.a ↺ a",
      "act.retry ↺ act",
    ]);
    expect((await run(built, 1)).output).toBe(1);
    expect(rounds).toBe(5);
    const skipped = await run(built, 200);
    expect(skipped.ended).toContain("c skipped");
    expect(skipped.output).toBe(null);
  });

  it("lead on from an approval that was rejected or expired", async () => {
    const ask = approval("ask", { timeout: "2d" });
    const built = workflow("asking")
      .timeline(a, ask, b.with(on(a)))
      .diverge(ask, { rejected: failed("NO"), expired: retry({ maxIterations: 2 }) });
    expect(edgesOf(built)).toEqual(["a > ask", "ask.rejected > fail", "ask > b", "ask.expired ↺ ask"]);
    expect((await run(built, 1)).output).toMatchObject({ code: "LOOP_LIMIT" });
  });
});

describe("jumps and parallel groups", () => {
  const e = step("e", async (group: { c: number; d: number }) => group.c + group.d);
  const strands = workflow("strands").timeline(a, [path(b, c), d], e);

  it("may stay in their strand, and go back from the step after the join", async () => {
    const inside = strands.diverge(c, {
      again: when(on(c).lt(500).and(on(c).ne(29)), backTo(b, { maxIterations: 2 })),
    });
    expect((await run(inside, 2)).output).toBe(29 + 3);
    const after = strands.diverge(e, { again: when("loop.iteration < 2", backTo(a)) });
    const { output, ended } = await run(after, 1);
    expect(output).toBe(19 + 2);
    expect(ended.filter((one) => one === "e completed")).toHaveLength(2);
  });

  it("may leave a strand for the join, which is handed null for what was skipped", async () => {
    const joined = step("joined", async (group: { c: number | null; d: number }) => `${group.c} ${group.d}`);
    const skipping = workflow("skipping")
      .timeline(a, [path(b, c), d], joined)
      .diverge(b, { over: when(on(b).gt(50), skipTo("joined")) });
    expect((await run(skipping, 1)).output).toBe("19 2");
    expect((await run(skipping, 9)).output).toBe("null 10");
  });

  it("are refused out of a group, into one, and back into a strand", () => {
    expect(codesOf(strands.diverge(c, { back: when("true", backTo(a)) }))).toEqual(["JUMP_OUT_OF_GROUP c.diverge"]);
    expect(codesOf(strands.timeline(a.as("f")).diverge(c, { on: when("true", skipTo("f")) }))).toEqual([
      "JUMP_OUT_OF_GROUP c.diverge",
    ]);
    expect(codesOf(strands.diverge(c, { over: when("true", skipTo("d")) }))).toEqual(["JUMP_OUT_OF_GROUP c.diverge"]);
    expect(codesOf(strands.diverge(e, { back: when("true", backTo(b)) }))).toEqual(["LOOP_ENTRY e.diverge"]);
    expect(codesOf(strands.diverge(a, { over: when("true", skipTo("c")) }))).toEqual(["JUMP_ENTRY a.diverge"]);
    const ending = workflow("w")
      .timeline(a, [b, d])
      .diverge(a, { x: when("true", [b.as("b2"), d.as("d2")], backTo(a)) });
    expect(findingsOf(ending)).toMatchObject([
      { code: "JUMP_OUT_OF_GROUP", message: expect.stringContaining("put a step after the group") },
    ]);
  });
});

describe("jumps that cannot be", () => {
  const line = workflow("line").timeline(a, b, c);

  it("are told with what to do, all at once", () => {
    const wrong = line.diverge(b, {
      ahead: when("true", backTo("c")),
      behind: when("true", skipTo("a")),
      nowhere: when("true", backTo("x")),
      nowhere_else: when("true", skipTo("y")),
    });
    expect(codesOf(wrong).toSorted()).toEqual([
      "JUMP_BACKWARDS b.diverge",
      "JUMP_FORWARDS b.diverge",
      "UNKNOWN_STEP b.diverge",
      "UNKNOWN_STEP b.diverge",
    ]);
    expect(() => wrong.definition).toThrow(
      /The jump after "b" cannot lead to "c": it comes later\. Use skipTo\..*There is no step "x"/s,
    );
  });

  it("are those into an arm, and out of the body of a map or into it", () => {
    const armed = workflow("w")
      .timeline(a)
      .branch(a, { x: when("true", path(b, c)) })
      .timeline(d);
    expect(codesOf(armed.diverge(d, { back: when("true", backTo(c)) }))).toEqual(["LOOP_ENTRY d.diverge"]);
    const mapped = workflow("w").timeline(a, map("each", [1, 2], path(b, c)), d.with(1));
    expect(codesOf(mapped.diverge(c, { out: when("true", backTo(a)) }))).toEqual(["JUMP_OUT_OF_MAP c.diverge"]);
    expect(codesOf(mapped.diverge(c, { out: when("true", skipTo("d")) }))).toEqual(["JUMP_OUT_OF_MAP c.diverge"]);
    expect(codesOf(mapped.diverge(d, { back: when("true", backTo(b)) }))).toEqual(["LOOP_ENTRY d.diverge"]);
    expect(codesOf(mapped.diverge(c, { again: when(on(c).lt(5).and(item<number>().eq(1)), backTo(b)) }))).toEqual([]);
  });

  it("are retry() outside of a rule, and a jump before anything else", () => {
    expect(findingsOf(workflow("w").timeline(a, retry()))).toMatchObject([
      { code: "JUMP_ENTRY", message: expect.stringContaining("Put retry() into a rule") },
    ]);
    expect(findingsOf(workflow("w").timeline(skipTo("a"), a))).toMatchObject([{ code: "JUMP_ENTRY" }]);
  });

  it("leave nothing behind them: what stands there is refused, unless something leads to it", () => {
    expect(codesOf(workflow("w").timeline(a, b, backTo(a), c))).toEqual(["UNREACHABLE c"]);
    const skipped = workflow("w")
      .timeline(a, b, backTo(a), c.with(1))
      .diverge(a, { out: when("loop.iteration > 2", skipTo("c")) });
    expect(codesOf(skipped)).toEqual([]);
  });
});

describe("rules that are none", () => {
  const w = workflow("w").timeline(a, b);

  it("are refused where they are written", () => {
    expect(() => matches({}, retry())).toThrow(/empty pattern.*Name a field/s);
    expect(() => matches({ age: undefined }, retry())).toThrow(/age.*undefined/s);
    expect(() => matches({ age: () => 18 }, retry())).toThrow(/is a function/);
    expect(() => matches({ age: { min: {} } }, retry())).toThrow(/empty pattern/);
    expect(() => matches(on(a), retry())).toThrow(/is an expression.*when\(condition/s);
    expect(() => onError("", retry())).toThrow(/Write an error code/);
    expect(() => onError("A*B*", retry())).toThrow(/at most one \*/);
    expect(() => onError([], retry())).toThrow(/names no error code/);
    expect(() => onError({}, retry())).toThrow(/empty pattern/);
    expect(() => onError((() => true) as never, retry())).toThrow(/is a function/);
    expect(() => when("true")).toThrow(/needs at least one step, or proceed/);
    expect(() => when("true", "a" as never)).toThrow(/is a string.*no part of a timeline/);
    expect(() => w.diverge(a, { x: "retry" as never })).toThrow(/has no condition/);
    expect(() => w.diverge(a, {})).toThrow(/decides nothing/);
    expect(() => w.diverge(c, { x: when("true", retry()) })).toThrow(/not in it/);
    expect(() => w.diverge("a" as never, { x: when("true", retry()) })).toThrow(/needs the step that it comes after/);
    expect(() => w.diverge(a, { x: when("true", backTo(a, { carry: (() => 1) as never })) })).toThrow(
      /carry is a function/,
    );
    expect(() => w.branch(a, { rejected: b })).toThrow(/name it one of "otherwise", "error"/);
  });

  it("are refused when it is built: failures without a code", () => {
    expect(findingsOf(w.diverge(a, { x: when("true", failed()) }))).toMatchObject([
      { code: "FAIL_CODE", message: expect.stringContaining('failed("') },
    ]);
  });
});
