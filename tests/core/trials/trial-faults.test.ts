/** What is wrong with a trial beyond its shape: durations that are none, and plans that no step asks for. */
import { describe, expect, it } from "vitest";
import type { Trial } from "@/lib/contract/trials";
import { durationFaults, placeFaults } from "@/lib/core/trials/trial-faults";
import { body, flow, task } from "../../conformance/behaviour";

const trialOf = (more: Partial<Trial>): Trial => ({ cerebelum: "trial", format: 1, name: "t", workflow: "w", ...more });
const out = (took?: string | number) => ({ output: 1, ...(took === undefined ? {} : { took }) });

const DEFINITION = flow("w", [
  task("charge", { compensate: { task: "refund" } }),
  { id: "review", type: "approval", title: "?" },
  { id: "bill", type: "workflow", workflow: "billing" },
  { id: "call", type: "http", request: { url: "https://example.com" } },
  { id: "nap", type: "sleep", duration: "1d" },
  { id: "each", type: "map", items: [], body: body([{ id: "inner", type: "map", items: [], body: { task: "pack" } }]) },
]);

describe("durations of a trial", () => {
  it("are all of those that a definition may have", () => {
    const durations = ["250ms", "90s", "1.5h", "7d", "PT15M", 0, 12];
    expect(
      durationFaults(trialOf({ steps: { a: durations.map(out) }, cancel: {}, signals: [{ signal: "s" }] })),
    ).toEqual([]);
  });

  it("are refused wherever one is planned, and nowhere else", () => {
    const wrong = "10 sec";
    const faults = durationFaults(
      trialOf({
        steps: {
          "each/a": [out(), { lost: true, took: wrong }, { sleep: { duration: wrong } }, { ask: { timeout: wrong } }],
          b: [{ output: { took: wrong, after: wrong } }],
        },
        compensations: { a: [out("-1s")] },
        approvals: { a: ["expired", { decision: "approved", after: wrong, data: { after: wrong } }] },
        children: { a: [{ error: { code: "E", message: "" }, took: wrong }] },
        signals: [{ signal: "s", after: wrong }],
        cancel: { after: "" },
      }),
    );
    expect(faults.map(({ path }) => path)).toEqual([
      "/steps/each~1a/1/took",
      "/steps/each~1a/2/sleep/duration",
      "/steps/each~1a/3/ask/timeout",
      "/compensations/a/0/took",
      "/approvals/a/1/after",
      "/children/a/0/took",
      "/signals/0/after",
      "/cancel/after",
    ]);
    expect(faults[0]?.message).toMatch(/^Write "10 sec" as a duration: /);
  });
});

describe("places of a trial", () => {
  const faultsOf = (plans: Partial<Trial>, recordedWith?: Trial["definition"]) =>
    placeFaults(trialOf({ ...plans, ...(recordedWith && { definition: recordedWith }) }), DEFINITION);

  it("are steps that ask for their like, all items of them or one", () => {
    const plans = {
      steps: {
        charge: [out()],
        call: [out()],
        "each/inner/inner.item": [out()],
        "each/inner/inner.item[0,12]": [out()],
      },
      compensations: { charge: [out()] },
      approvals: { review: ["expired" as const], charge: [{ decision: "approved" as const }] },
      children: { bill: [out()] },
    };
    expect(faultsOf(plans)).toEqual([]);
  });

  it("are refused where no step has that name, and the one that it has in a map is named", () => {
    expect(faultsOf({ steps: { chrage: [out()], "inner.item": [out()], "": [out()] } })).toEqual([
      { path: "/steps/chrage", message: 'There is no step "chrage": write its id as the workflow has it.' },
      { path: "/steps/inner.item", message: 'There is no step "inner.item": write "each/inner/inner.item".' },
      { path: "/steps/", message: 'There is no step "": write its id as the workflow has it.' },
    ]);
  });

  it("are refused where they name other items than the maps around a step have", () => {
    const place = "each/inner/inner.item";
    const faults = faultsOf({ steps: { [`${place}[1]`]: [out()], "charge[0]": [out()] } });
    expect(faults.map(({ message }) => message)).toEqual([
      `Name one item of each map around "${place}": it lies in 2 maps.`,
      '"charge" lies in no map: leave its item out.',
    ]);
  });

  it("are refused where the step asks for something else, or for nothing", () => {
    const faults = faultsOf({ steps: { review: [out()], nap: [out()] }, compensations: { call: [out()] } });
    expect(faults.map(({ message }) => message)).toEqual([
      '"review" is of the type approval: plan it under approvals.',
      '"nap" is of the type sleep, which asks nobody: leave it out.',
      '"call" has no compensation that could be answered.',
    ]);
  });

  it("may be of a step that is gone since the trial was recorded, and of no other", () => {
    const before = flow("w", [task("gone")]);
    const faults = faultsOf({ steps: { gone: [out()], charge: [out()], never: [out()] } }, before);
    expect(faults.map(({ path }) => path)).toEqual(["/steps/never"]);
  });
});
