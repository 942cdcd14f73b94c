/** A trial comes to the same in the editor's page and on the local executor: event by event, whatever was planned. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Trial, trialSchema } from "@/lib/contract/trials";
import { playTrial } from "@/lib/editor/trial/play";
import { runTrial } from "@/worker-sdk/src/trials/run-trial";
import { complaintsOf } from "@/worker-sdk/src/trials/told";
import { rehearsed } from "../editor/trial-rehearsed";
import { TOOLS } from "../editor/trial-tools";
import { CASES, task } from "./trials-corpus";

const trialOf = (plan: Partial<Trial>): Trial =>
  trialSchema.parse({ cerebelum: "trial", format: 1, name: "t", workflow: "w", ...plan });

describe("a trial on the local executor", () => {
  it.each(CASES)("plays $name as the page does", async ({ definition, plan, path, seconds }) => {
    const trial = trialOf(plan);
    const ran = await runTrial(trial, definition);
    expect(ran.outcome.path.map(({ step, ended, port }) => `${step} ${ended}${port ? `:${port}` : ""}`)).toEqual(path);
    expect(Date.parse(ran.history.at(-1)?.at ?? "") - Date.parse(ran.history[0]?.at ?? "")).toBe(seconds * 1000);
    const played = playTrial(trial, definition, TOOLS);
    expect("run" in played && played.run.history).toEqual(ran.history);
  });

  it("comes to the same as in the page, whatever is planned", async () => {
    await fc.assert(
      fc.asyncProperty(fc.noBias(fc.integer({ min: 1, max: 2 ** 31 })), async (seed) => {
        const { definition, run } = rehearsed(seed);
        const trial = trialSchema.parse(JSON.parse(JSON.stringify(run.recorded(`seed ${seed}`))));
        const ran = await runTrial(trial, definition);
        expect(ran.history).toEqual(run.history);
        expect([ran.problems, ran.unanswered, ran.differences]).toEqual([[], [], []]);
      }),
      // In the first one children end after their steps were cancelled with their map; in the second one a child ended by
      // hand cancels, at the same instant, a task that was dispatched after it.
      { numRuns: 60, examples: [[2_062_645_259], [1_684_861_556]] },
    );
  }, 120_000);

  it("stops where an answer is not planned, before any time passes", async () => {
    const definition = { name: "w", nodes: [task("a", { timeout: { attempt: "5s" } }), task("b")], edges: [] };
    const trial = trialOf({ steps: { b: [{ output: 1, took: "1h" }] } });
    const ran = await runTrial(trial, definition);
    expect(ran.unanswered).toEqual(["a"]);
    expect(ran.outcome.status).toBe("open");
    const played = playTrial(trial, definition, TOOLS);
    expect("unanswered" in played && played.unanswered).toEqual(["a"]);
  });
});

describe("what a trial came to, in words", () => {
  const definition = { name: "w", nodes: [task("a"), task("b")], edges: [{ from: "a", to: "b" }] };
  const told = async (expect: Trial["expect"], steps: Trial["steps"]) =>
    complaintsOf(await runTrial(trialOf({ steps, expect }), definition));
  const fails = { error: { code: "E", message: "no", retryable: false } };

  it("is nothing where all is as expected", async () => {
    const path = [
      { step: "a", ended: "completed" as const },
      { step: "b", ended: "completed" as const },
    ];
    const output = { b: { list: [1, 2] } };
    expect(
      await told({ status: "completed", output, path }, { a: [{ output: 1 }], b: [{ output: output.b }] }),
    ).toEqual([]);
  });

  it("is where it went another way, first of all", async () => {
    const path = [
      { step: "a", ended: "completed" as const },
      { step: "c", ended: "completed" as const },
    ];
    expect(await told({ status: "completed", path }, { a: [fails] })).toEqual([
      "a failed, and should have completed.",
      "c should have completed, and was never reached.",
      "It failed, and should have completed.",
    ]);
  });

  it("is where in the output it differs, and by which error it ended", async () => {
    expect(
      await told(
        { status: "completed", output: { b: { list: [1, 3], kept: null } } },
        { a: [{ output: 1 }], b: [{ output: { list: [1, 2], kept: null } }] },
      ),
    ).toEqual(["Its output at /b/list/1 is 2, and should be 3."]);
    expect(await told({ status: "failed", error: "F" }, { a: [fails] })).toEqual([
      "It ended with E, and should have with F.",
    ]);
  });

  it("is what it waits for, where that is not planned", async () => {
    expect(await told(undefined, { a: [{ output: 1 }] })).toEqual([
      "b waits for an answer that the trial does not plan.",
    ]);
  });
});
