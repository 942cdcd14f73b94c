/** A trial comes to the same in the editor's page and on the local executor: event by event, whatever was planned. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { type Trial, trialSchema } from "@/lib/contract/trials";
import { playTrial } from "@/lib/editor/trial/play";
import { runTrial } from "@/worker-sdk/src/trials/run-trial";
import { rehearsed } from "../editor/trial-rehearsed";
import { TOOLS } from "../editor/trial-tools";

/** What differs between hosts and means nothing. */
function facts(history: readonly HistoryEvent[]) {
  return history;
}

describe("a trial on the local executor", () => {
  it("comes to the same as in the page, whatever is planned", async () => {
    await fc.assert(
      fc.asyncProperty(fc.noBias(fc.integer({ min: 1, max: 2 ** 31 })), async (seed) => {
        const { definition, run } = rehearsed(seed);
        const trial = trialSchema.parse(JSON.parse(JSON.stringify(run.recorded(`seed ${seed}`))));
        const ran = await runTrial(trial, definition);
        expect(ran.problems).toEqual([]);
        expect(ran.unanswered).toEqual([]);
        expect(facts(ran.history)).toEqual(facts(run.history));
        expect(ran.differences).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
