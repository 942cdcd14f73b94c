/** What publishing a draft comes to, what two versions differ in, and how a backtest says what it found. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { groupOf, isFailing, sentenceOf } from "@/app/_editor/backtest/row-sentence";
import { hashOf, publicationOf } from "@/app/_editor/publish/publication";
import { editorOf } from "@/app/_execution/inspector/editor-link";
import { edgeChanges } from "@/app/_workflows/edge-changes";
import { listedOf } from "@/app/_workflows/listed-workflows";
import { backtestTexts } from "@/lib/client/texts/editor-backtest";
import type { Definition } from "@/lib/contract/definition";
import type { DraftItem } from "@/lib/contract/drafts";
import type { Finding } from "@/lib/contract/findings";
import { canonicalJson } from "@/lib/contract/json";
import type { Workflow } from "@/lib/contract/workflows";
import type { Backtested } from "@/lib/editor/backtest/backtest";

const DEFINITION: Definition = {
  name: "orders",
  nodes: [
    { id: "pay", type: "task", task: "pay" },
    { id: "ship", type: "task", task: "ship" },
  ],
  edges: [{ from: "pay", to: "ship" }],
};
const OTHER: Definition = { ...DEFINITION, description: "Another" };
const published = (...definitions: Definition[]) => ({
  version: definitions.length,
  versions: definitions
    .map((definition, i) => ({
      version: i + 1,
      hash: hashOf(definition),
      publishedAt: "2026-01-01T00:00:00.000Z",
      publishedBy: "user:ada",
      note: null,
    }))
    .reverse(),
});
const finding = (severity: Finding["severity"]): Finding => ({ code: "X", severity, path: "", message: "Mend it." });

describe("publishing", () => {
  it("hashes as the server does, whatever the order of members", () => {
    const text = canonicalJson(DEFINITION);
    expect(hashOf(DEFINITION)).toBe(createHash("sha256").update(text).digest("hex"));
    const { name, nodes, edges } = DEFINITION;
    expect(hashOf({ edges, nodes, name })).toBe(hashOf(DEFINITION));
    expect(hashOf(OTHER)).not.toBe(hashOf(DEFINITION));
  });

  it("makes the first version of what was never published", () => {
    expect(publicationOf({ definition: DEFINITION, workflow: null, baseVersion: null, findings: [] })).toMatchObject({
      version: 1,
      latest: null,
      existing: null,
      overtaken: null,
      isPossible: true,
    });
  });

  it("makes none of what is published already, now or earlier", () => {
    const workflow = published(DEFINITION, OTHER);
    const again = { definition: OTHER, workflow, baseVersion: 2, findings: [] };
    expect(publicationOf(again)).toMatchObject({ existing: 2, latest: 2, isPossible: false });
    expect(publicationOf({ ...again, definition: DEFINITION })).toMatchObject({ existing: 1, isPossible: false });
  });

  it("says where somebody published since the draft began", () => {
    const draft = { ...DEFINITION, description: "Mine" };
    const workflow = published(DEFINITION, OTHER);
    const of = (baseVersion: number) => publicationOf({ definition: draft, workflow, baseVersion, findings: [] });
    expect(of(1)).toMatchObject({ overtaken: 1, version: 3, isPossible: true });
    expect(of(2)).toMatchObject({ overtaken: null, version: 3 });
  });

  it("waits for the validator, is stopped by errors, and not by warnings", () => {
    const of = (findings: readonly Finding[] | null) =>
      publicationOf({ definition: DEFINITION, workflow: null, baseVersion: null, findings }).isPossible;
    expect([of(null), of([finding("error"), finding("warning")]), of([finding("warning")])]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe("edges of two versions", () => {
  const withEdges = (...edges: Definition["edges"]): Definition => ({ ...DEFINITION, edges });

  it("are the same where a port is only written out", () => {
    expect(edgeChanges(DEFINITION, withEdges({ from: "pay", to: "ship", port: "success" }))).toEqual([]);
  });

  it("are added, removed, and changed in how they go round", () => {
    const loop = { from: "ship", to: "pay", loop: { maxIterations: 2 } };
    const before = withEdges({ from: "pay", to: "ship" }, loop);
    const after = withEdges({ from: "pay", to: "ship", port: "error" }, { ...loop, loop: { maxIterations: 5 } });
    expect(edgeChanges(before, after).map(({ kind, from, port, to }) => `${kind} ${from} ${port} ${to}`)).toEqual([
      "added pay error ship",
      "changed ship success pay",
      "removed pay success ship",
    ]);
  });
});

describe("the room of workflows", () => {
  const workflow = (name: string) =>
    ({ name, version: 1, hash: "", description: null, counts: {} }) as unknown as Workflow;
  const draft = (name: string, isChanged: boolean, latestVersion: number | null): DraftItem => ({
    workflow: name,
    baseVersion: latestVersion,
    revision: 1,
    updatedAt: "2026-01-01T00:00:00.000Z",
    updatedBy: "user:ada",
    isChanged,
    latestVersion,
  });

  it("lists what is published and what is only drawn, by name, and drafts where they say something new", () => {
    const drafts = [draft("b", true, null), draft("c", false, 1), draft("a", true, 1), draft("archived", true, 3)];
    const listed = listedOf([workflow("a"), workflow("c")], drafts);
    expect(listed.map(({ name, published: is, draft: has }) => [name, is !== null, has !== null])).toEqual([
      ["a", true, true],
      ["b", false, true],
      ["c", true, false],
    ]);
  });
});

describe("what a backtest says", () => {
  const result = (more: Partial<Backtested> = {}): Backtested => ({
    group: "same",
    recorded: { status: "completed", output: null, error: null },
    replayed: { status: "completed", output: null, error: null },
    fails: false,
    message: null,
    divergence: null,
    missing: [],
    changedInputs: [],
    isOutputSame: true,
    isCut: false,
    wasPaused: false,
    ...more,
  });
  const step = (ended: "completed" | "failed" | "skipped", port?: string) => ({
    step: "large",
    ended,
    ...(port === undefined ? {} : { port }),
  });

  it("names the first step that took another port, and what came before it", () => {
    const divergence = {
      after: "check",
      step: "large",
      expected: step("completed", "no"),
      actual: step("completed", "yes"),
    };
    expect(sentenceOf(result({ group: "other", divergence }))).toBe("After check, large took yes instead of no.");
  });

  it("tells what is new from what is gone, and what ended otherwise", () => {
    const { divergence } = backtestTexts;
    const part = { after: null, step: "large" };
    expect(divergence({ ...part, expected: null, actual: step("completed") })).toBe(
      "At its start, large runs, which was not recorded.",
    );
    expect(divergence({ ...part, expected: step("completed"), actual: null })).toBe(
      "At its start, large does not come, which was recorded.",
    );
    expect(divergence({ ...part, expected: step("completed"), actual: step("failed") })).toBe(
      "At its start, large fails instead of completing.",
    );
  });

  it("names what is missing, and where inputs are others", () => {
    const missing = ["a", "b", "c", "d", "e"];
    expect(sentenceOf(result({ group: "missing", missing, changedInputs: ["check"] }))).toBe(
      "Nothing was recorded for a, b, c and 2 more. Another input for check.",
    );
  });

  it("tells failures of the draft from all else", () => {
    const failing = result({
      group: "other",
      fails: true,
      message: "No such member.",
      replayed: { status: "failed", output: null, error: "EXPRESSION_ERROR" },
    });
    expect([isFailing(failing), sentenceOf(failing)]).toEqual([true, "Fails with EXPRESSION_ERROR: No such member."]);
    expect([groupOf({ refused: "It: no." }), isFailing({ refused: "It: no." })]).toEqual(["other", true]);
    expect([groupOf({ unplayable: "long" }), isFailing({ unplayable: "long" })]).toEqual(["unplayable", false]);
    expect(isFailing(result())).toBe(false);
  });
});

it("a step leads to its node in the editor, also inside maps", () => {
  expect(editorOf("orders")).toBe("/workflows/orders/edit");
  expect(editorOf("orders", "pay")).toBe("/workflows/orders/edit?node=pay");
  expect(editorOf("orders", "each/charge")).toBe("/workflows/orders/edit?node=charge");
  expect(editorOf("orders", "outer/each/each.item")).toBe("/workflows/orders/edit?node=each");
});
