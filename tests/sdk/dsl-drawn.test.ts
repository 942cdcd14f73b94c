/** The words for what is drawn rather than written: choices of their own, paths that end, fields left out, another order. */
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  absent,
  branched,
  child,
  choice,
  completed,
  DefinitionError,
  fail,
  failed,
  input,
  map,
  matches,
  on,
  onError,
  path,
  proceed,
  skipTo,
  step,
  stop,
  virtualClock,
  when,
  workflow,
} from "@/worker-sdk/src/index";
import { a, b, c, d, edgesOf, nodeOf, once, run } from "./support/dsl-flow";

describe("a choice of its own", () => {
  const big = choice("size", { big: when(input<number>().gt(10), b), otherwise: c });

  it("stands first, where no step is that it could come after", async () => {
    const sized = workflow<number>("sized").timeline(big, d);
    expect(edgesOf(sized)).toEqual(["size.big > b", "size.otherwise > c", "b > d", "c > d"]);
    expect(nodeOf(sized, "size")).toEqual({ id: "size", type: "choice", cases: [{ port: "big", when: "input > 10" }] });
    expect((await run(sized, 20)).output).toBe(200);
    expect((await run(sized, 2)).output).toBe(1);
  });

  it("hands on what its arm gave, or what it was given", () => {
    const text = step("text", async (_: number) => "text");
    const sized = workflow<number>("sized").timeline(a, choice("size", { big: when("input > 10", text) }));
    expectTypeOf(sized.execute).returns.resolves.toEqualTypeOf<string | number>();
    const wants = step("wants", async (_: boolean) => 1);
    // @ts-expect-error neither a text nor a number is true or false
    workflow<number>("sized").timeline(a, choice("size", { big: when("input > 10", text) }), wants);
  });

  it("is where a jump may lead", () => {
    const made = workflow<number>("made")
      .timeline(a, d, big)
      .diverge(a, { skip: when("input < 0", skipTo("size")) });
    expect(edgesOf(made)).toContain("a.diverge.skip > size");
  });

  it("refuses what is about a step, and an arm without a condition", () => {
    expect(() => choice("x", { one: matches({ n: 1 }, b) })).toThrow(/is about a step/);
    // @ts-expect-error an error is a step's own
    expect(() => choice("x", { one: onError("E", b) })).toThrow(DefinitionError);
    expect(() => choice("x", { one: b })).toThrow(/has no condition/);
    expect(() => choice("x", { otherwise: b })).toThrow(/decides nothing/);
  });

  it("joins as it is told", () => {
    const made = workflow<number>("made").timeline(
      [a, b],
      choice("first", { yes: when("true", c.with("=1")) }, { join: "any" }),
    );
    expect(nodeOf(made, "first")).toMatchObject({ join: "any" });
  });
});

describe("a path that just ends", () => {
  it("leads nowhere, while what follows goes on from the others", async () => {
    const made = workflow<number>("made").timeline(choice("size", { small: when(input().lt(0), b, stop()) }), c, d);
    expect(edgesOf(made)).toEqual(["size.small > b", "size.otherwise > c", "c > d"]);
    const { ended } = await run(made, -1);
    expect(ended).toEqual(["size completed", "c skipped", "d skipped", "b completed"]);
  });
});

describe("a step with its branch", () => {
  it("branches inside of something, and gives what its arms give", async () => {
    const charge = step("charge", async (n: number) => (n < 0 ? fail({ message: "no", retryable: false }) : n), once);
    const hold = step("hold", async () => "held");
    const all = workflow<number[]>("all").timeline(map("each", path(branched(charge, { error: hold }))));
    expectTypeOf(all.execute).returns.resolves.toEqualTypeOf<(string | number)[]>();
    expect(await all.execute([1, -1], { clock: virtualClock() })).toEqual([1, "held"]);
  });

  it("names its member of a group", async () => {
    const made = workflow<number>("made").timeline([branched(a, { big: when(on(a).gt(5), b) }), c], d.with("=1"));
    expect(edgesOf(made)).toEqual(["a > a.branch", "a.branch.big > b", "b > d", "a.branch.otherwise > d", "c > d"]);
  });
});

describe("what is left to the engine", () => {
  it("is left out of the definition", () => {
    const made = workflow("made", { format: absent })
      .timeline(a.with(absent), child("other", { input: absent }), choice("x", { y: when("true", completed(absent)) }))
      .output(absent);
    expect(made.definition).toEqual({
      name: "made",
      nodes: [
        { id: "a", type: "task", task: "a" },
        { id: "other", type: "workflow", workflow: "other" },
        { id: "x", type: "choice", cases: [{ port: "y", when: "true" }] },
        { id: "succeed", type: "succeed" },
      ],
      edges: [
        { from: "a", to: "other" },
        { from: "other", to: "x" },
        { from: "x", port: "y", to: "succeed" },
      ],
    });
  });

  it("gives what the engine gives", async () => {
    const seen = step("seen", async (given: unknown) => given);
    const made = workflow<number>("made").timeline(a, seen.with(absent)).output(absent);
    expect(await made.execute(1, { clock: virtualClock() })).toEqual({ seen: { input: 1, steps: { a: 2 } } });
  });
});

describe("another order", () => {
  it("is that of the document, and changes nothing else", async () => {
    const made = workflow<number>("made").timeline(a, map("each", "=[1, 2]", path(b, c)), d.with("=3"));
    const other = made.arrange(["d", "a", "c"], ["each>d", "b>c"]);
    expect(other.definition.nodes.map(({ id }) => id)).toEqual(["d", "a", "each"]);
    expect(edgesOf(other)).toEqual(["each > d", "a > each"]);
    expect(nodeOf(other, "each")).toMatchObject({ body: { nodes: [{ id: "c" }, { id: "b" }] } });
    expect((await run(other, 1)).output).toEqual((await run(made, 1)).output);
  });

  it("names the ports of edges", () => {
    const made = workflow<number>("made")
      .timeline(a)
      .branch(a, { one: when("true", failed("ONE")), two: when("false", proceed()), otherwise: failed("NONE") })
      .arrange([], ["a.branch:otherwise>fail_2"]);
    expect(edgesOf(made)).toEqual(["a.branch.otherwise > fail_2", "a > a.branch", "a.branch.one > fail"]);
  });
});
