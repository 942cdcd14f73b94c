/** A draft tried in the page: what its steps come to, what people do, and what time does, on the engine's own core. */
import { describe, expect, it } from "vitest";
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import { nodeStatuses } from "@/lib/editor/trial/node-statuses";
import { beginTrial } from "@/lib/editor/trial/trial-run";
import { body, edges, flow, loop, ONCE, task, transform } from "../conformance/behaviour";
import { began, endings, ran, TOOLS, times, waitingAt } from "./trial-tools";

const ms = { second: 1000, hour: 3_600_000, day: 86_400_000 };

function line(nodes: Node[], ...more: Edge[]): Definition {
  return flow("w", nodes, [...edges(nodes.map(({ id }) => id).join(" > ")), ...more]);
}

const ONBOARDING = flow(
  "onboarding",
  [
    task("fetch"),
    { id: "adult", type: "choice", cases: [{ port: "yes", when: "steps.fetch.output.age >= 18" }] },
    task("welcome"),
    task("consent"),
    { id: "cool_off", type: "sleep", duration: "3d" },
    task("remind"),
  ],
  edges("fetch > adult", "adult.yes > welcome > cool_off > remind", "adult.otherwise > consent > cool_off"),
);

describe("a trial", () => {
  it("takes the branch that a step's answer leads to", () => {
    const young = ran(ONBOARDING, { steps: { fetch: [{ output: { age: 12 } }], consent: [{ output: "sent" }] } });
    expect(endings(young)).toEqual([
      "fetch completed",
      "adult completed:otherwise",
      "welcome skipped",
      "consent completed",
      "cool_off completed",
    ]);
  });

  it("sleeps three days in no time, and goes on where they are skipped", () => {
    const run = began(ONBOARDING);
    run.answer(waitingAt(run, "fetch"), { output: { age: 30 } });
    run.answer(waitingAt(run, "welcome"), { output: null });
    expect(run.next).toMatchObject({ at: run.startedAt + 3 * ms.day });
    run.skip(3 * ms.day - 1);
    expect(run.waiting).toEqual([]);
    run.skip(1);
    expect(run.waiting.map(({ asked }) => asked.node)).toEqual(["remind"]);
    expect(run.clock - run.startedAt).toBe(3 * ms.day);
  });

  it("stops for a person before time passes", () => {
    const run = began(flow("w", [task("a"), { id: "nap", type: "sleep", duration: "1h" }]));
    run.run();
    expect(run.clock).toBe(run.startedAt);
    run.answer(waitingAt(run, "a"), { output: 1 });
    run.run();
    expect(run.outcome.status).toBe("completed");
    expect(run.clock - run.startedAt).toBe(ms.hour);
  });

  it("says what comes next without letting it come, and that a person is waited for before it", () => {
    const run = began(
      flow("w", [task("a", { timeout: { attempt: "30s" } }), { id: "nap", type: "sleep", duration: "9s" }]),
    );
    expect([run.next, run.goesOn]).toMatchObject([{ at: run.startedAt + 9000, what: { kind: "wake" } }, false]);
    run.step();
    expect([run.next, run.goesOn]).toMatchObject([{ at: run.startedAt + 30_000, what: { kind: "expiry" } }, false]);
    expect(run.waiting.map(({ takenAt }) => takenAt)).toEqual([run.startedAt]);
  });

  it("begins nothing that the validator or the input's schema refuses", () => {
    const broken = flow("w", [task("a")], edges("a > nobody"));
    expect(beginTrial(broken, {}, { task: () => null, approval: () => null, child: () => null }, TOOLS)).toMatchObject({
      findings: [{ severity: "error" }],
    });
    const strict = { ...flow("w", [task("a")]), inputSchema: { type: "object", required: ["id"] } };
    expect(
      beginTrial(strict, { input: {} }, { task: () => null, approval: () => null, child: () => null }, TOOLS),
    ).toEqual({ badInput: expect.stringContaining("id") });
  });
});

describe("an approval", () => {
  const asking = flow(
    "w",
    [
      { id: "ask", type: "approval", timeout: "2d", form: { type: "object", required: ["amount"] } },
      transform("paid", 1),
      transform("refused", 2),
      transform("late", 3),
    ],
    edges("ask > paid", "ask.rejected > refused", "ask.expired > late"),
  );

  it("is approved with what its form asks for, and refuses anything else", () => {
    const run = began(asking);
    const id = waitingAt(run, "ask");
    expect(run.decide(id, { decision: "approved", data: {} })).toBe("invalid-data");
    expect(run.decide(id, { decision: "approved", data: { amount: 4 } })).toBe(null);
    run.run();
    expect(run.outcome).toMatchObject({ status: "completed", output: { paid: 1 } });
    expect(run.decide(id, { decision: "rejected" })).toBe("gone");
  });

  it("is rejected, or expires where nobody decides", () => {
    const rejected = ran(asking, { approvals: { ask: [{ decision: "rejected", after: "1h" }] } });
    expect(rejected.outcome.output).toEqual({ refused: 2 });
    expect(times(rejected, "ApprovalDecided")).toEqual([ms.hour]);
    const expired = ran(asking, { approvals: { ask: ["expired"] } });
    expect(expired.outcome.output).toEqual({ late: 3 });
    expect(times(expired, "ApprovalExpired")).toEqual([2 * ms.day]);
  });

  it("whose planned decision breaks the form says so, and waits for a person", () => {
    const run = ran(asking, { approvals: { ask: [{ decision: "approved", data: {} }] } });
    expect(run.problems).toEqual(["What is planned for ask is refused: invalid-data."]);
    expect(run.waiting.map((thing) => run.isByHand(thing))).toEqual([true]);
  });
});

describe("a failure", () => {
  const charge = (more: Partial<Extract<Node, { type: "task" }>> = {}) => flow("w", [task("charge", more)]);

  it("is tried again after exactly the back-off that the policy says", () => {
    const failure = { error: { code: "BUSY", message: "try again" } };
    const run = ran(charge(), { steps: { charge: [failure, failure, { output: "paid" }] } });
    expect(times(run, "StepScheduled")).toEqual([0, ms.second, 3 * ms.second]);
    expect(run.outcome).toMatchObject({ status: "completed", output: { charge: "paid" } });
  });

  it("that may not be tried again ends the step at once", () => {
    const run = ran(charge(), { steps: { charge: [{ error: { code: "NO", message: "never", retryable: false } }] } });
    expect(run.outcome).toMatchObject({ status: "failed", error: "NO" });
    expect(times(run, "StepAttemptFailed")).toEqual([0]);
  });

  it("of a worker that is lost shows when its lease, its heartbeat or its attempt runs out, whichever is first", () => {
    const lost = (timeout: { attempt?: string; heartbeat?: string }, took?: string) => {
      const run = ran(charge({ ...ONCE, timeout }), { steps: { charge: [{ lost: true, ...(took && { took }) }] } });
      return [run.outcome.error, ...times(run, "StepFailed")];
    };
    expect(lost({})).toEqual(["LEASE_EXPIRED", 10 * ms.second]);
    expect(lost({ heartbeat: "4s" })).toEqual(["HEARTBEAT_TIMEOUT", 4 * ms.second]);
    expect(lost({ attempt: "3s", heartbeat: "4s" })).toEqual(["ATTEMPT_TIMEOUT", 3 * ms.second]);
    expect(lost({}, "1h")).toEqual(["LEASE_EXPIRED", ms.hour + 10 * ms.second]);
  });

  it("of a slow attempt is its timeout; one that is fast enough ends in its own time", () => {
    const slow = (took: string) =>
      ran(charge({ ...ONCE, timeout: { attempt: "5s", heartbeat: "1s" } }), {
        steps: { charge: [{ output: 1, took }] },
      });
    expect([slow("5s").outcome.error, ...times(slow("5s"), "StepFailed")]).toEqual(["ATTEMPT_TIMEOUT", 5 * ms.second]);
    expect(slow("4s").outcome.status).toBe("completed");
    expect(times(slow("4s"), "StepCompleted")).toEqual([4 * ms.second]);
  });

  it("of a person who lets the attempt's time pass is its timeout too", () => {
    const run = began(charge({ ...ONCE, timeout: { attempt: "5s" } }));
    run.skip(ms.hour);
    expect(run.outcome).toMatchObject({ status: "failed", error: "ATTEMPT_TIMEOUT" });
  });

  it("of a call that does not come back is its timeout of 30 s", () => {
    const call = flow("w", [{ id: "get", type: "http", request: { url: "https://example.com" }, ...ONCE }]);
    const run = ran(call, { steps: { get: [{ lost: true }] } });
    expect([run.outcome.error, ...times(run, "StepFailed")]).toEqual(["ATTEMPT_TIMEOUT", 30 * ms.second]);
  });

  it("takes the error edge, or ends on a fail node's own code", () => {
    const handled = flow(
      "w",
      [task("charge", ONCE), { id: "sorry", type: "fail", code: "NOT_PAID", message: "=steps.charge.error.code" }],
      edges("charge.error > sorry"),
    );
    const run = ran(handled, { steps: { charge: [{ error: { code: "NO", message: "no" } }] } });
    expect(run.state.error).toMatchObject({ code: "NOT_PAID", message: "NO" });
  });

  it("undoes what completed, the latest first, by answers of its own", () => {
    const saga = line([
      task("reserve", { compensate: { task: "release" } }),
      task("charge", { compensate: { task: "refund" } }),
      task("ship", ONCE),
    ]);
    const no = { error: { code: "NO", message: "no", retryable: false } };
    const run = ran(saga, {
      steps: { reserve: [{ output: 1 }], charge: [{ output: 2 }], ship: [no] },
      compensations: { charge: [{ output: "refunded" }], reserve: [no] },
    });
    expect(endings(run).slice(-2)).toEqual(["charge:compensate completed", "reserve:compensate failed"]);
    expect(run.outcome).toMatchObject({ status: "failed", error: "NO" });
  });
});

describe("what comes again", () => {
  it("asks a poll's answer round by round", () => {
    const poll = flow("w", [task("job", { poll: { until: "output == 'done'", interval: "10s" } })]);
    const run = ran(poll, { steps: { job: [{ output: "busy" }, { output: "busy" }, { output: "done" }] } });
    expect(times(run, "StepScheduled")).toEqual([0, 10 * ms.second, 20 * ms.second]);
    expect(run.outcome.output).toEqual({ job: "done" });
  });

  it("runs a loop, whose iterations take the next answers", () => {
    const reminder = flow(
      "w",
      [task("remind"), { id: "more", type: "choice", cases: [{ port: "again", when: "steps.remind.output == 'no'" }] }],
      [...edges("remind > more"), loop("more", "again", "remind")],
    );
    const run = ran(reminder, { steps: { remind: [{ output: "no" }, { output: "no" }, { output: "yes" }] } });
    expect(endings(run).filter((ending) => ending.startsWith("remind"))).toEqual([
      "remind completed",
      "remind#2 completed",
      "remind#3 completed",
    ]);
  });

  it("runs a map's items side by side, as many as its concurrency says, each by its own answers", () => {
    const fan = flow("w", [
      {
        id: "each",
        type: "map",
        items: [1, 2, 3],
        concurrency: 2,
        failure: "continue",
        body: body([task("pack", { ...ONCE, input: "=item" })], []),
      },
    ]);
    const run = ran(fan, {
      steps: {
        "each/pack": [{ output: "ok", took: "1m" }],
        "each/pack[1]": [{ error: { code: "NO", message: "no" }, took: "1s" }],
      },
    });
    expect(endings(run)).toEqual([
      "each/pack[1] failed",
      "each/pack[0] completed",
      "each/pack[2] completed",
      "each completed",
    ]);
    expect(times(run, "StepScheduled")).toEqual([0, 0, ms.second]);
  });

  it("lets tasks that share a key wait for each other, and the queue's timeout end the last", () => {
    const keyed = (id: string) =>
      task(id, { ...ONCE, concurrencyKey: "account", timeout: { queue: "15s" }, join: "all" });
    const run = ran(flow("w", [keyed("a"), keyed("b"), keyed("c")]), {
      steps: { a: [{ output: 1, took: "10s" }], b: [{ output: 2, took: "10s" }], c: [{ output: 3 }] },
    });
    expect(run.outcome).toMatchObject({ status: "failed", error: "QUEUE_TIMEOUT" });
    expect(endings(run).slice(0, 2)).toEqual(["a completed", "c failed"]);
  });
});

describe("others", () => {
  it("answers for a child execution, completed or failed", () => {
    const parent = flow("w", [{ id: "bill", type: "workflow", workflow: "billing", input: { n: 1 } }]);
    const run = began(parent);
    expect(run.waiting[0]?.asked).toMatchObject({ node: "bill", workflow: "billing", input: { n: 1 } });
    run.endChild(waitingAt(run, "bill"), { output: 42 });
    expect(run.outcome.output).toEqual({ bill: 42 });
    const failed = ran(parent, { children: { bill: [{ error: { code: "X", message: "x" }, status: "timed_out" }] } });
    expect(failed.state.error).toMatchObject({ code: "CHILD_FAILED", details: { status: "timed_out" } });
  });

  it("keeps a signal for who waits for it later, and lets one expire that nobody sends", () => {
    const waits = line([
      { id: "nap", type: "sleep", duration: "1h" },
      { id: "paid", type: "signal", signal: "paid", timeout: "1d" },
    ]);
    const run = began(waits);
    expect(run.signal("paid", { amount: 7 })).toBe(null);
    run.run();
    expect(run.outcome).toMatchObject({ status: "completed", output: { paid: { amount: 7 } } });
    const unsent = ran(waits);
    expect(unsent.asksPerson).toBe(true);
    unsent.playOut();
    expect(unsent.outcome.error).toBe("SIGNAL_EXPIRED");
    expect(unsent.clock - unsent.startedAt).toBe(ms.hour + ms.day);
  });

  it("is cancelled with what is open in it, and then takes nothing more", () => {
    const run = began(flow("w", [task("a")]));
    const id = waitingAt(run, "a");
    expect(run.cancel({ reason: "enough" })).toBe(null);
    expect(run.outcome.status).toBe("cancelled");
    expect([run.answer(id, { output: 1 }), run.signal("s"), run.cancel()]).toEqual(["gone", "closed", "closed"]);
  });

  it("lets a handler sleep, and ask, in the middle", () => {
    const run = ran(flow("w", [task("a")]), {
      steps: {
        a: [
          { sleep: { duration: "1d", then: "resume", name: "nap" } },
          { ask: { title: "Now?", then: "resume", name: "now" } },
          { output: "done" },
        ],
      },
      approvals: { a: [{ decision: "approved" }] },
    });
    expect(run.outcome.output).toEqual({ a: "done" });
    expect(times(run, "StepScheduled")).toEqual([0, ms.day, ms.day]);
  });
});

describe("its overlay", () => {
  it("says how each node stands, of a map's body the item that most needs a look", () => {
    const fan = flow(
      "w",
      [
        task("first"),
        { id: "each", type: "map", items: [1, 2], failure: "continue", body: body([task("pack", ONCE)], []) },
        task("last"),
      ],
      edges("first > each > last"),
    );
    const run = began(fan);
    expect(nodeStatuses(run)).toEqual(new Map([["first", "running"]]));
    run.answer(waitingAt(run, "first"), { output: 1 });
    run.run();
    run.answer(waitingAt(run, "each/pack"), { error: { code: "NO", message: "no" } });
    expect(nodeStatuses(run)).toEqual(
      new Map([
        ["first", "completed"],
        ["each", "running"],
        ["pack", "failed"],
      ]),
    );
  });
});
