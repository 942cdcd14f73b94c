/** Single edits: what follows a name, an outcome or a node that is gone, and what is refused. */
import { describe, expect, it } from "vitest";
import type { Node } from "@/lib/contract/definition";
import { MAX_NODES } from "@/lib/contract/limits";
import { validateDefinition } from "@/lib/core/definition/validate";
import { blankNode } from "@/lib/editor/blank";
import { clipOf, clipText, readClip } from "@/lib/editor/clipboard";
import type { EditorDocument } from "@/lib/editor/document";
import { applyEdit, type Edit } from "@/lib/editor/edits";

const ONBOARDING: EditorDocument = {
  definition: {
    name: "onboarding",
    nodes: [
      { id: "fetch-user", type: "task", task: "fetch_user" },
      { id: "adult", type: "choice", cases: [{ port: "yes", when: 'steps["fetch-user"].output.age >= 18' }] },
      { id: "welcome", type: "task", task: "welcome", input: { to: '=steps["fetch-user"].output.email + "steps"' } },
      {
        id: "each",
        type: "map",
        items: "=steps['fetch-user'].output.friends",
        body: {
          nodes: [{ id: "invite", type: "task", task: "invite", input: '=[item, steps["fetch-user"].output.name]' }],
          edges: [],
          output: "=steps.invite.output",
        },
      },
      { id: "stop", type: "fail", rethrow: "fetch-user" },
    ],
    edges: [
      { from: "fetch-user", to: "adult" },
      { from: "fetch-user", port: "error", to: "stop" },
      { from: "adult", port: "yes", to: "welcome" },
      { from: "adult", port: "otherwise", to: "each" },
      { from: "welcome", to: "each" },
    ],
    output: { user: '=steps["fetch-user"].output' },
  },
  layout: { places: { "fetch-user": { x: 1, y: 2 } } },
};

function done(document: EditorDocument, edit: Edit): EditorDocument {
  const edited = applyEdit(document, edit);
  if ("refused" in edited) throw new Error(edited.refused);
  return edited.document;
}

function nodeIn({ definition }: EditorDocument, id: string): Node | undefined {
  return definition.nodes.find((node) => node.id === id);
}

describe("a node under another name", () => {
  const renamed = done(ONBOARDING, { type: "rename-node", node: "fetch-user", to: "user" });

  it("is followed by edges, expressions, rethrows and its place, inside maps too", () => {
    expect(JSON.stringify(renamed)).not.toContain("fetch-user");
    expect(nodeIn(renamed, "adult")).toMatchObject({ cases: [{ when: "steps.user.output.age >= 18" }] });
    expect(nodeIn(renamed, "welcome")).toMatchObject({ input: { to: '=steps.user.output.email + "steps"' } });
    expect(nodeIn(renamed, "each")).toMatchObject({
      items: "=steps.user.output.friends",
      body: { nodes: [{ input: "=[item, steps.user.output.name]" }] },
    });
    expect(nodeIn(renamed, "stop")).toMatchObject({ rethrow: "user" });
    expect(renamed.layout.places).toEqual({ user: { x: 1, y: 2 } });
    expect(validateDefinition(renamed.definition)).toEqual(
      validateDefinition(ONBOARDING.definition).map((finding) =>
        JSON.parse(JSON.stringify(finding).replaceAll("fetch-user", "user")),
      ),
    );
  });

  it("comes back as it was", () => {
    const back = done(renamed, { type: "rename-node", node: "user", to: "fetch-user" });
    expect(back.definition.edges).toEqual(ONBOARDING.definition.edges);
    expect(nodeIn(back, "adult")).toEqual(nodeIn(ONBOARDING, "adult"));
    expect(back.layout).toEqual(ONBOARDING.layout);
  });

  it.each(["adult", "invite", "a b", ""])("cannot be called %j", (to) => {
    expect(applyEdit(ONBOARDING, { type: "rename-node", node: "welcome", to })).toHaveProperty("refused");
  });
});

describe("an outcome", () => {
  it("that gets another name takes its edges along, and loses them with its end", () => {
    const to = done(ONBOARDING, { type: "set-node", node: "adult", path: ["cases", 0, "port"], value: "grown_up" });
    expect(to.definition.edges).toContainEqual({ from: "adult", port: "grown_up", to: "welcome" });
    const two = done(to, { type: "set-node", node: "adult", path: ["cases", 1], value: { port: "old", when: "true" } });
    const gone = done(two, { type: "set-node", node: "adult", path: ["cases", 0] });
    expect(gone.definition.edges).not.toContainEqual(expect.objectContaining({ port: "grown_up" }));
  });
});

describe("an edge", () => {
  it("that leads back is a loop edge, and one that leads on is none", () => {
    const edge = (from: string, to: string): Edit => ({
      type: "connect",
      scope: null,
      edge: { from, port: "success", to },
    });
    expect(done(ONBOARDING, edge("each", "adult")).definition.edges.at(-1)).toEqual({
      from: "each",
      to: "adult",
      loop: {},
    });
    expect(done(ONBOARDING, edge("welcome", "welcome")).definition.edges.at(-1)).toHaveProperty("loop");
    expect(done(ONBOARDING, edge("fetch-user", "each")).definition.edges.at(-1)).not.toHaveProperty("loop");
    expect(applyEdit(ONBOARDING, edge("welcome", "each"))).toHaveProperty("refused");
    expect(applyEdit(ONBOARDING, edge("welcome", "invite"))).toHaveProperty("refused");
    expect(applyEdit(ONBOARDING, edge("stop", "each"))).toHaveProperty("refused");
  });

  it("gets a node in its middle, and joins again when that is taken out", () => {
    const edge = { from: "adult", port: "yes", to: "welcome" };
    const split = done(ONBOARDING, { type: "insert-node", scope: null, edge, node: blankNode("sleep", "wait") });
    expect(split.definition.edges).toContainEqual({ from: "adult", port: "yes", to: "wait" });
    expect(split.definition.edges).toContainEqual({ from: "wait", to: "welcome" });
    const healed = done(split, { type: "remove", nodes: ["wait"], edges: [], heal: true });
    expect(new Set(healed.definition.edges)).toEqual(new Set(ONBOARDING.definition.edges));
    const end: Edit = { type: "insert-node", scope: null, edge, node: blankNode("succeed", "end") };
    expect(applyEdit(ONBOARDING, end)).toHaveProperty("refused");
  });
});

describe("a field", () => {
  it("that is taken out leaves nothing empty behind", () => {
    const set = done(ONBOARDING, { type: "set-node", node: "welcome", path: ["retry", "maxAttempts"], value: 5 });
    expect(nodeIn(set, "welcome")).toHaveProperty("retry.maxAttempts", 5);
    const cleared = done(set, { type: "set-node", node: "welcome", path: ["retry", "maxAttempts"] });
    expect(nodeIn(cleared, "welcome")).toEqual(nodeIn(ONBOARDING, "welcome"));
  });

  it.each<[string, Edit]>([
    ["a wrong type", { type: "set-node", node: "welcome", path: ["retry", "maxAttempts"], value: "many" }],
    ["an unknown field", { type: "set-node", node: "welcome", path: ["colour"], value: "red" }],
    ["the id", { type: "set-node", node: "welcome", path: ["id"], value: "adult" }],
    ["the nodes", { type: "set-workflow", path: ["nodes"], value: [] }],
    ["text that cannot be stored", { type: "set-node", node: "welcome", path: ["input"], value: "\0" }],
  ])("is not set to %s", (_, edit) => {
    expect(applyEdit(ONBOARDING, edit)).toHaveProperty("refused");
  });
});

describe("a whole document", () => {
  it("does not grow past what the schema takes, nor is it replaced by what it refuses", () => {
    const nodes = Array.from({ length: MAX_NODES }, (_, i): Node => ({ id: `n${i}`, type: "succeed" }));
    const full = done(ONBOARDING, { type: "replace", definition: { name: "full", nodes, edges: [] } });
    expect(applyEdit(full, { type: "add-node", scope: null, node: blankNode("task", "more") })).toHaveProperty(
      "refused",
    );
    const far: Edit = { type: "add-node", scope: null, node: blankNode("task", "far"), at: { x: 1e9, y: 0 } };
    expect(applyEdit(ONBOARDING, far)).toHaveProperty("refused");
    const wrong = { name: "a b", nodes: [], edges: [] };
    expect(applyEdit(ONBOARDING, { type: "replace", definition: wrong })).toHaveProperty("refused");
  });
});

describe("a map of one task", () => {
  it("becomes a graph that the engine names alike, and keeps at least one node", () => {
    const short = done(ONBOARDING, { type: "add-node", scope: null, node: blankNode("map", "all") });
    const graph = done(short, { type: "unfold-body", node: "all" });
    expect(nodeIn(graph, "all")).toMatchObject({ body: { nodes: [{ id: "all.item", type: "task" }], edges: [] } });
    expect(applyEdit(graph, { type: "remove", nodes: ["all.item"], edges: [] })).toHaveProperty("refused");
  });
});

describe("copied nodes", () => {
  it("go through text, and read each other under their new names", () => {
    const clip = clipOf(ONBOARDING, null, new Set(["fetch-user", "adult", "each"]));
    const read = clip && readClip(clipText(clip));
    if (read === null) throw new Error("nothing was copied");
    const pasted = done(ONBOARDING, { type: "paste", scope: null, clip: read, at: { x: 50, y: 60 } });
    expect(pasted.definition.nodes.slice(5).map(({ id }) => id)).toEqual(["fetch-user_2", "adult_2", "each_2"]);
    expect(nodeIn(pasted, "each_2")).toMatchObject({
      items: '=steps["fetch-user_2"].output.friends',
      body: { nodes: [{ id: "invite_2" }], output: "=steps.invite_2.output" },
    });
    expect(pasted.definition.edges.slice(5)).toEqual([
      { from: "fetch-user_2", to: "adult_2" },
      { from: "adult_2", port: "otherwise", to: "each_2" },
    ]);
    expect(pasted.layout.places).toEqual({ "fetch-user": { x: 1, y: 2 }, "fetch-user_2": { x: 50, y: 60 } });
  });

  it.each(["", "nodes", "{}", '{"cerebelum":"nodes","format":1,"nodes":[],"edges":[]}'])("are not %j", (text) => {
    expect(readClip(text)).toBeNull();
  });
});
