// What a child tells its parent when it closes.
import { expect, test } from "vitest";
import { type EffectOf, effects } from "@/lib/core/execution/effects";
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
