/** Whatever was done in a trial by hand, the file that it was written to plays to the very same history. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { trialSchema } from "@/lib/contract/trials";
import { playTrial } from "@/lib/editor/trial/play";
import { readAnswers, readTrial } from "@/lib/editor/trial/read-trial";
import { rehearsed } from "./trial-rehearsed";
import { began, TOOLS } from "./trial-tools";

describe("a recorded trial", () => {
  it("plays to the same history, event by event, whatever was done by hand", () => {
    fc.assert(
      fc.property(fc.noBias(fc.integer({ min: 1, max: 2 ** 31 })), (seed) => {
        const { definition, run } = rehearsed(seed);
        const trial = trialSchema.parse(JSON.parse(JSON.stringify(run.recorded(`seed ${seed}`))));
        const played = playTrial(trial, definition, TOOLS);
        if (!("run" in played)) throw new Error(`it does not begin: ${JSON.stringify(played)}`);
        expect(played.unanswered).toEqual([]);
        expect(played.run.history).toEqual(run.history);
        expect(played.differences).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("fails where the draft goes another way", () => {
    const definition: Definition = { name: "w", nodes: [{ id: "a", type: "task", task: "a" }], edges: [] };
    const run = began(definition);
    run.answer(run.waiting[0]?.id ?? "", { output: 1 });
    const trial = run.recorded("as it was");
    const changed: Definition = {
      ...definition,
      nodes: [...definition.nodes, { id: "b", type: "transform", value: 2 }],
      edges: [{ from: "a", to: "b" }],
    };
    const played = playTrial(trial, changed, TOOLS);
    expect("differences" in played && played.differences).toEqual([
      { of: "path", step: "b", expected: null, actual: { step: "b", ended: "completed" } },
      { of: "output", expected: { a: 1 }, actual: { b: 2 } },
    ]);
  });
});

describe("a trial that is opened from a file", () => {
  const draft: Definition = { name: "w", nodes: [{ id: "a", type: "task", task: "a" }], edges: [] };
  const trial = { cerebelum: "trial", format: 1, name: "t", workflow: "w", steps: { a: [{ output: 1 }] } };
  const faultOf = (content: unknown) => readTrial(JSON.stringify(content), draft).fault;

  it("is the trial, as it was written", () => {
    expect(readTrial(JSON.stringify(trial), draft)).toEqual({ trial, fault: null });
  });

  it("is none where it is no JSON or has another shape", () => {
    expect(readTrial("{", draft)).toEqual({ trial: null, fault: null });
    expect(faultOf(draft)?.path).toBe("/cerebelum");
    expect(faultOf({ ...trial, steps: { a: [] } })?.path).toBe("/steps/a");
  });

  it("is refused with durations that are none, and with plans for steps that are not there", () => {
    expect(faultOf({ ...trial, steps: { a: [{ output: 1, took: "soon" }] } })).toMatchObject({
      path: "/steps/a/0/took",
      message: expect.stringMatching(/^Write "soon" as a duration/),
    });
    expect(faultOf({ ...trial, steps: { aa: [{ output: 1 }] } })).toEqual({
      path: "/steps/aa",
      message: 'There is no step "aa": write its id as the workflow has it.',
    });
  });

  it("is held to the same where single answers are written by hand", () => {
    const list = [{ lost: true, took: "4s" }, { output: 1 }];
    expect(readAnswers(list)).toEqual({ answers: list });
    expect(readAnswers([])).toMatchObject({ fault: { path: "" } });
    expect(readAnswers([{ output: 1 }, { output: 1, took: "soon" }])).toMatchObject({ fault: { path: "/1/took" } });
  });
});
