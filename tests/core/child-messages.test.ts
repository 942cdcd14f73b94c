// What a child tells its parent when it closes, and what becomes of what comes too late.
import { expect, test } from "vitest";
import type { Node } from "@/lib/contract/definition";
import { type EffectOf, effects } from "@/lib/core/execution/effects";
import { body, edges, flow, ONCE, task } from "../conformance/behaviour";
import { given, type TestExecution } from "./support/execution";

const parent = { executionId: "exe_parent", node: "child", iteration: 1, depth: 1, wait: true };

function toldBy({ events, state }: TestExecution): EffectOf<"tell-parent"> | undefined {
  const all = events.flatMap((event) => effects(event, state));
  return all.find((effect): effect is EffectOf<"tell-parent"> => effect.type === "tell-parent");
}

test("is its failure, without where in the child it happened", () => {
  const execution = given({ nodes: [{ id: "no", type: "fail", code: "NO", message: "never" }] }).start(null, {
    parent,
  });
  expect(execution.state.error).toMatchObject({ node: "no" });
  expect(toldBy(execution)).toEqual({
    type: "tell-parent",
    parent,
    status: "failed",
    output: null,
    error: { code: "NO", message: "never" },
  });
});

test("is nothing where the parent does not wait", () => {
  const execution = given({ nodes: [{ id: "no", type: "fail" }] }).start(null, { parent: { ...parent, wait: false } });
  expect(execution.state.status).toBe("failed");
  expect(toldBy(execution)).toBeUndefined();
});

/** Two items wait, one for a child and one for a person, when the third one ends their map; the execution goes on. */
function stopped() {
  const inEach = body(
    [
      {
        id: "kind",
        type: "choice",
        cases: [
          { port: "child", when: "item == 0" },
          { port: "ask", when: "item == 1" },
        ],
      },
      { id: "child", type: "workflow", workflow: "sub", onCancel: "abandon" },
      { id: "ask", type: "approval" },
      task("boom", ONCE),
    ],
    edges("kind.child > child", "kind.ask > ask", "kind.otherwise > boom"),
  );
  const each: Node = { id: "each", type: "map", items: [0, 1, 2], body: inEach };
  const after: Node = { id: "after", type: "sleep", duration: "1h" };
  const execution = given(flow("w", [each, after], edges("each.error > after")));
  execution.workflows.set("sub", { version: 1, hash: "h" });
  execution.start();
  const [{ data: child } = { data: null }] = execution.of("ChildStarted");
  const [{ data: asked } = { data: null }] = execution.of("ApprovalRequested");
  if (child === null || asked === null) throw new Error("nothing waits");
  execution.fail(["each/boom", 2]);
  return { execution, executionId: child.executionId, approvalId: asked.approvalId };
}

test("is stale where its step was cancelled with its map, and the execution goes on", () => {
  const { execution, executionId } = stopped();
  expect(execution.statuses()).toMatchObject({ each: "failed", after: "waiting" });
  const before = execution.events.length;
  const step = execution.ref(["each/child", 0]);
  expect(execution.reply({ type: "child-closed", step, executionId, status: "completed", output: 1 })).toBe("stale");
  expect(execution.events).toHaveLength(before);
  expect(execution.step(["each/child", 0]).status).toBe("cancelled");
});

test("is refused alike when a person decides on what was cancelled with its map", () => {
  const { execution, approvalId } = stopped();
  const step = execution.ref(["each/ask", 1]);
  const reply = execution.reply({
    type: "decide-approval",
    step,
    approvalId,
    decision: "approved",
    decidedBy: "user:ada",
  });
  expect(reply).toBe("approval-closed");
  expect(execution.step(["each/ask", 1]).status).toBe("cancelled");
});
