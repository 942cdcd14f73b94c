/** Sleeps, people, signals, children. */
import { expect } from "vitest";
import { port } from "@/worker-sdk/src/dsl/directives";
import { type Behaviour, body, echo, edges, failing, flow, loop, ONCE, refusal, task, transform } from "../behaviour";

const gate = (more = {}) => ({ id: "gate", type: "approval" as const, title: "Well?", ...more });
const wait = (more = {}) => ({ id: "wait", type: "signal" as const, signal: "go", ...more });

export const waits: Behaviour[] = [
  {
    name: "a sleep ends at its instant, and the step after it runs once",
    rules: [1],
    given: {
      definitions: flow("sleep", [{ id: "nap", type: "sleep", duration: "='9' + '0s'" }, task("a")], edges("nap > a")),
    },
    then: (told) => {
      expect(told.one("SleepStarted").data.resumeAt).toBe("+90000");
      expect(told.one("StepScheduled", "a").at).toBe("+90000");
    },
  },
  {
    name: "a sleep until an instant that is past ends at once",
    rules: [1],
    given: {
      definitions: flow("sleep_past", [{ id: "nap", type: "sleep", until: "=execution.startedAt - duration('1h')" }]),
    },
    then: (told) => expect([told.status, told.events.at(-1)?.at]).toEqual(["completed", "+0"]),
  },
  {
    name: "an approval ends on what was decided, with who decided and what they said",
    rules: [4],
    given: {
      definitions: flow(
        "approval",
        [gate({ form: { type: "object", required: ["n"] } }), transform("yes", "=steps.gate.output"), task("no")],
        edges("gate > yes", "gate.rejected > no"),
      ),
    },
    when: async (run) => {
      await run.settle();
      expect(await refusal(run.decide("gate", "approved", { data: {} }))).toBe("INVALID_DATA");
      await run.decide("gate", "approved", { data: { n: 1 }, comment: "fine" });
      await run.settle();
    },
    then: (told) => {
      expect(told.endings).toEqual(["gate completed", "yes completed", "no skipped"]);
      expect(told.output).toMatchObject({ yes: { decision: "approved", data: { n: 1 }, comment: "fine" } });
    },
  },
  {
    name: "a rejection without an edge fails the step, which an error edge takes",
    rules: [4],
    given: {
      definitions: flow(
        "approval_rejected",
        [gate(), transform("caught", "=steps.gate.error.code")],
        edges("gate.error > caught"),
      ),
    },
    when: async (run) => {
      await run.settle();
      await run.decide("gate", "rejected");
      await run.settle();
    },
    then: (told) => expect(told.output).toEqual({ caught: "REJECTED" }),
  },
  {
    name: "an approval that nobody decides expires on its own port, and a late decision is refused",
    rules: [4],
    given: {
      definitions: flow(
        "approval_expired",
        [gate({ timeout: "1h" }), task("late"), wait()],
        edges("gate.expired > late > wait"),
      ),
    },
    when: async (run) => {
      await run.finish();
      expect(await refusal(run.decide("gate", "approved"))).toBe("APPROVAL_CLOSED");
    },
    then: (told) => {
      expect(told.one("ApprovalExpired").at).toBe("+3600000");
      expect(told.endings).toEqual(["gate completed", "late completed"]);
    },
  },
  {
    name: "an answer to an earlier occurrence never hits the next one",
    rules: [3, 10],
    given: {
      definitions: flow(
        "approval_again",
        [gate(), task("a")],
        [...edges("gate > a"), loop("gate", "rejected", "gate")],
      ),
    },
    when: async (run) => {
      await run.settle();
      await run.decide("gate", "rejected");
      const told = await run.told();
      expect(told.count("ApprovalRequested")).toBe(2);
      await run.decide("gate", "approved");
      await run.settle();
    },
    then: (told) => {
      const ids = told.all("ApprovalRequested").map(({ data }) => data.approvalId);
      expect(new Set(ids).size).toBe(2);
      expect(told.all("ApprovalDecided").map(({ data }) => data.approvalId)).toEqual(ids);
      expect(told.endings).toEqual(["gate completed", "gate#2 completed", "a completed"]);
    },
  },
  {
    name: "signals are kept in order, and each is consumed once, by whoever waited first",
    rules: [7],
    given: {
      definitions: flow(
        "signals",
        [task("a"), wait({ id: "one" }), wait({ id: "two" }), wait({ id: "three" })],
        edges("a > one > two", "a > three"),
      ),
      held: ["a"],
    },
    when: async (run) => {
      await run.settle();
      await run.signal("go", 1);
      await run.signal("go", 2);
      await run.signal("other", 0);
      await run.release("a");
      await run.signal("go", 3);
      await run.settle();
    },
    then: (told) => {
      expect(told.order("SignalConsumed").toSorted()).toEqual(["one", "three", "two"]);
      expect([told.outputs("one"), told.status]).toEqual([[1], "completed"]);
      expect([...told.outputs("two"), ...told.outputs("three")].toSorted()).toEqual([2, 3]);
    },
  },
  {
    name: "a signal that does not come in time expires, and fails without an edge there",
    rules: [4, 7],
    given: { definitions: flow("signal_expired", [wait({ timeout: "1m" })]) },
    then: (told) => {
      expect(told.one("SignalExpired").at).toBe("+60000");
      expect(told.failure).toEqual({ code: "SIGNAL_EXPIRED", node: "wait" });
    },
  },
  {
    name: "a loop's reset gives no signal back",
    rules: [3, 7],
    given: {
      definitions: flow(
        "signal_loop",
        [wait(), task("check", { ports: ["again"] })],
        [...edges("wait > check"), loop("check", "again", "wait")],
      ),
      handlers: { check: () => port("again") },
    },
    when: async (run) => {
      await run.signal("go", 1);
      await run.settle();
      await run.cancel();
    },
    then: (told) => expect(told.count("SignalConsumed")).toBe(1),
  },
  {
    name: "a child gives its parent what it completed with",
    rules: [8],
    given: {
      definitions: [
        flow("child_ok", [task("work", { input: "=input.n + 1" })]),
        flow("parent_ok", [{ id: "sub", type: "workflow", workflow: "child_ok", input: { n: "=input" } }]),
      ],
      handlers: { work: echo },
      input: 4,
    },
    then: (told, [child]) => {
      expect(told.output).toEqual({ sub: { work: 5 } });
      expect(child?.status).toBe("completed");
      expect(told.order("ChildStarted", "ChildClosed")).toEqual(["sub", "sub"]);
    },
  },
  {
    name: "a child that did not complete fails its step",
    rules: [8],
    given: {
      definitions: [
        flow("child_fails", [task("work", ONCE)]),
        flow("parent_fails", [{ id: "sub", type: "workflow", workflow: "child_fails" }]),
      ],
      handlers: { work: failing("BROKEN") },
    },
    then: (told) => {
      expect(told.failure).toEqual({ code: "CHILD_FAILED", node: "sub" });
      expect(told.error("sub").details).toMatchObject({ status: "failed", error: { code: "BROKEN" } });
    },
  },
  {
    name: "cancelling the parent closes its step at once and reaches the child; one that is abandoned goes on",
    rules: [8, 9],
    given: {
      definitions: [
        flow("child_waits", [wait()]),
        flow("parent_cancelled", [
          { id: "mine", type: "workflow", workflow: "child_waits" },
          { id: "theirs", type: "workflow", workflow: "child_waits", onCancel: "abandon" },
        ]),
      ],
    },
    when: async (run) => {
      await run.settle();
      await run.cancel({ reason: "enough" });
      await run.settle();
    },
    then: (told, children) => {
      expect([told, ...children].map(({ status }) => status)).toEqual(["cancelled", "cancelled", "open"]);
    },
  },
  {
    name: "a child that goes on alone after its map was stopped tells nobody how it ended",
    rules: [5, 8],
    given: {
      definitions: [
        flow("child_alone", [{ id: "nap", type: "sleep", duration: "10s" }]),
        flow(
          "parent_stopped",
          [
            {
              id: "each",
              type: "map",
              items: ["child", "work"],
              body: body(
                [
                  { id: "kind", type: "choice", cases: [{ port: "child", when: "item == 'child'" }] },
                  { id: "sub", type: "workflow", workflow: "child_alone", onCancel: "abandon" },
                  task("work", ONCE),
                  task("never"),
                ],
                edges("kind.child > sub > never", "kind.otherwise > work"),
              ),
            },
            { id: "after", type: "sleep", duration: "1m" },
          ],
          edges("each.error > after"),
        ),
      ],
      handlers: { work: failing("BROKEN") },
    },
    then: (told, [child]) => {
      expect([told.status, child?.status]).toEqual(["completed", "completed"]);
      expect([told.count("ChildClosed"), told.count("StepScheduled", "each/never[0]")]).toEqual([0, 0]);
      expect(told.one("StepCancelled", "each/sub[0]").data.why).toBe("MAP_STOPPED");
    },
  },
  {
    name: "a child that nobody waits for lets its parent go on at once",
    rules: [8],
    given: {
      definitions: [
        flow("child_apart", [task("work")]),
        flow("parent_apart", [{ id: "sub", type: "workflow", workflow: "child_apart", wait: false }]),
      ],
    },
    then: (told, [child]) => {
      expect(told.types.slice(-3)).toEqual(["ChildStarted", "StepCompleted", "ExecutionCompleted"]);
      expect(child?.status).toBe("completed");
    },
  },
  {
    name: "an item's approval is its own",
    rules: [5],
    given: {
      definitions: flow("map_approvals", [
        {
          id: "each",
          type: "map",
          items: ["x", "y"],
          body: body([gate({ title: "=item" })], [], "=steps.gate.output.comment"),
        },
      ]),
    },
    when: async (run) => {
      await run.settle();
      await run.decide("each/gate[1]", "approved", { comment: "second" });
      await run.decide("each/gate[0]", "approved", { comment: "first" });
      await run.settle();
    },
    then: (told) => {
      expect(told.all("ApprovalRequested").map(({ data }) => data.title)).toEqual(["x", "y"]);
      expect(told.output).toEqual({ each: ["first", "second"] });
    },
  },
];
