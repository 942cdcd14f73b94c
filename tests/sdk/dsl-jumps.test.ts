/** Jumps: ways back and ahead, taken in any order, and which are refused and with which words. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backTo,
  fail,
  item,
  loop,
  map,
  matches,
  on,
  onError,
  path,
  proceed,
  retry,
  skipTo,
  sleep,
  step,
  type Workflow,
  when,
  workflow,
} from "@/worker-sdk/src/index";
import { a, b, c, codesOf, d, findingsOf, once, run } from "./support/dsl-flow";

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
