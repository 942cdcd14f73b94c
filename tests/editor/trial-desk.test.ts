/** The trial behind its panel: set up, run, changed under one's hands, played at a speed, opened from a file. */
import { describe, expect, it } from "vitest";
import { TrialDesk } from "@/app/_editor/trial/trial-desk";
import type { TrialFeed } from "@/app/_editor/trial/trial-feed";
import type { Definition } from "@/lib/contract/definition";
import { edges, flow, task } from "../conformance/behaviour";
import { waitingAt } from "./trial-tools";

const DRAFT = flow("w", [task("a"), { id: "nap", type: "sleep", duration: "1d" }, task("b")], edges("a > nap > b"));

function opened() {
  const ticks: (() => void)[] = [];
  let followed = 0;
  const desk = new TrialDesk({
    feedOf: () => ({ follow: () => followed++ }) as unknown as TrialFeed,
    every: (_, tick) => {
      ticks.push(tick);
      return () => ticks.splice(ticks.indexOf(tick), 1);
    },
  });
  const run = () => {
    const { run } = desk.state();
    if (run === null) throw new Error("no trial has begun");
    return run;
  };
  const answer = (node: string, output: number) => desk.act((it) => it.answer(waitingAt(it, node), { output }));
  return { desk, run, answer, tick: () => ticks[0]?.(), isTicking: () => ticks.length > 0, followed: () => followed };
}

describe("the desk of a trial", () => {
  it("runs until a person is waited for, and on from there", () => {
    const { desk, run, answer, followed } = opened();
    desk.run(DRAFT);
    expect(run().waiting.map(({ asked }) => asked.node)).toEqual(["a"]);
    expect(answer("a", 1)).toBe(null);
    desk.run(DRAFT);
    expect(run().waiting.map(({ asked }) => asked.node)).toEqual(["b"]);
    answer("b", 2);
    expect(run().outcome.output).toEqual({ b: 2 });
    expect(followed()).toBeGreaterThan(2);
    expect(desk.act((it) => it.signal("late"))).toBe("closed");
  });

  it("begins anew once it has ended", () => {
    const { desk, run, answer } = opened();
    desk.begin(flow("w", [task("a")]));
    answer("a", 1);
    const first = run();
    desk.run(flow("w", [task("a")]));
    expect(run()).not.toBe(first);
    expect(run().isClosed).toBe(false);
    expect(desk.state().runs).toBe(2);
  });

  it("says what is wrong with the draft or the input, and keeps no trial that is none of it", () => {
    const { desk } = opened();
    desk.begin(DRAFT);
    desk.begin(flow("w", [task("a")], edges("a > nobody")));
    expect(desk.state()).toMatchObject({ run: null, problem: { kind: "findings", findings: [{ severity: "error" }] } });
    desk.begin({ ...DRAFT, inputSchema: { type: "object" } });
    expect(desk.state().problem).toMatchObject({ kind: "input" });
    desk.setUp({ input: {}, mode: "example" });
    desk.run({ ...DRAFT, inputSchema: { type: "object" } });
    expect(desk.state()).toMatchObject({ problem: null, run: { outcome: { status: "completed" } } });
  });

  it("runs a changed draft again with the same answers, to the same instant", () => {
    const { desk, run, answer } = opened();
    desk.begin(DRAFT);
    answer("a", 1);
    desk.skip(3_600_000);
    const changed: Definition = flow(
      "w",
      [task("a"), { id: "nap", type: "sleep", duration: "30m" }, task("b")],
      edges("a > nap > b"),
    );
    desk.again(changed);
    expect(run().clock - run().startedAt).toBe(3_600_000);
    expect(run().waiting.map(({ asked }) => asked.node)).toEqual(["b"]);
    answer("b", 2);
    desk.again(DRAFT);
    expect(run().outcome).toMatchObject({ status: "completed", output: { b: 2 } });
  });

  it("plays at a speed, and pauses by itself where a person is waited for", () => {
    const { desk, run, tick, isTicking, answer } = opened();
    desk.setSpeed(4);
    desk.run(DRAFT);
    expect(desk.state().isPlaying).toBe(true);
    tick();
    expect([desk.state().isPlaying, isTicking()]).toEqual([false, false]);
    answer("a", 1);
    desk.run(DRAFT);
    tick();
    expect(run().waiting.map(({ asked }) => asked.node)).toEqual(["b"]);
    tick();
    expect(isTicking()).toBe(false);
  });

  it("plays a test, and says the first difference where the draft goes another way", () => {
    const { desk, run, answer } = opened();
    desk.begin(DRAFT);
    answer("a", 1);
    desk.skip(86_400_000);
    answer("b", 2);
    const test = run().recorded("a test");
    desk.play(test, DRAFT);
    expect(desk.state().tested).toMatchObject({ name: "a test", isPassed: true });
    desk.play(test, flow("w", [task("a"), task("c")], edges("a > c")));
    expect(desk.state().tested).toMatchObject({ isPassed: false, unanswered: ["c"] });
    expect(desk.state().tested?.differences[0]).toMatchObject({ of: "path", step: "nap", actual: null });
  });
});
