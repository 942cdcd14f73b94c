import { describe, expect, it } from "vitest";
import type { OpenedDraft } from "@/app/_editor/draft-keeper";
import { NOTHING, onlyNodes } from "@/app/_editor/selection";
import { type EditorSetting, EditorStore } from "@/app/_editor/store";
import type { Definition } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";

const DEFINITION: Definition = {
  name: "order",
  nodes: [
    { id: "charge", type: "task", task: "charge" },
    { id: "ship", type: "task", task: "ship" },
  ],
  edges: [{ from: "charge", to: "ship" }],
};
const OPENED: OpenedDraft = {
  document: { definition: DEFINITION, layout: {} },
  revision: 3,
  baseVersion: 1,
  updatedAt: null,
  updatedBy: null,
};

function opened(change: Partial<EditorSetting> = {}) {
  const refusals: string[] = [];
  const asked: { definition: Definition; answer: (findings: readonly Finding[]) => void }[] = [];
  const store = new EditorStore({
    opened: OPENED,
    isReadOnly: false,
    server: {
      read: () => Promise.reject(new Error("unreachable")),
      save: () => Promise.reject(new Error("unreachable")),
      codeOf: () => null,
    },
    alarm: { after: () => () => {} },
    now: () => 0,
    judge: (definition, answer) => asked.push({ definition, answer }),
    refuse: (why) => refusals.push(why),
    merged: () => {},
    ...change,
  });
  return { store, refusals, asked };
}

const ADD_PACK = {
  type: "insert-node",
  scope: null,
  edge: { from: "charge", port: "success", to: "ship" },
  node: { id: "pack", type: "task", task: "pack" },
} as const;

describe("the editor's store", () => {
  it("tells what an edit made, and takes it back", () => {
    const { store } = opened();
    expect(store.apply(ADD_PACK)).toEqual(["pack"]);
    expect(store.present.definition.nodes.map(({ id }) => id)).toContain("pack");
    store.undo();
    expect(store.present).toBe(OPENED.document);
    store.redo();
    expect(store.present.definition.edges).toContainEqual({ from: "pack", to: "ship" });
  });

  it("says why an edit is refused, and changes nothing", () => {
    const { store, refusals } = opened();
    const before = store.state();
    expect(store.apply({ type: "rename-node", node: "charge", to: "ship" })).toBeNull();
    expect(refusals).toHaveLength(1);
    expect(store.state()).toBe(before);
  });

  it("tries an edit without making it", () => {
    const { store } = opened();
    expect(store.tried(ADD_PACK)?.definition.nodes).toHaveLength(3);
    expect(store.tried({ type: "rename-node", node: "charge", to: "ship" })).toBeNull();
    expect(store.present).toBe(OPENED.document);
  });

  it("keeps nothing selected that is gone", () => {
    const { store } = opened();
    const edge = { from: "charge", port: "success", to: "ship" };
    store.select({ nodes: ["charge", "ship"], edges: [{ scope: null, edge }], comments: ["none"] });
    store.apply({ type: "remove", nodes: ["ship"], edges: [] });
    expect(store.state().selection).toEqual(onlyNodes("charge"));
    store.apply({ type: "remove", nodes: ["charge"], edges: [] });
    expect(store.state().selection).toEqual(NOTHING);
  });

  it("keeps a node selected that is renamed", () => {
    const { store } = opened();
    const edge = { from: "charge", port: "success", to: "ship" };
    store.select({ nodes: ["charge"], edges: [{ scope: null, edge }], comments: [] });
    store.apply({ type: "rename-node", node: "charge", to: "pay" });
    expect(store.state().selection).toEqual({
      nodes: ["pay"],
      edges: [{ scope: null, edge: { ...edge, from: "pay" } }],
      comments: [],
    });
  });

  it("has each definition judged, and no move of a node", () => {
    const { store, asked } = opened();
    store.judge();
    store.apply({ type: "move", places: { ship: { x: 10, y: 20 } } });
    expect(asked.map(({ definition }) => definition)).toEqual([DEFINITION]);
    store.apply(ADD_PACK);
    expect(asked).toHaveLength(2);
    const finding: Finding = { code: "CYCLE", severity: "error", path: "", message: "It goes round." };
    asked[1]?.answer([finding]);
    expect(store.state().findings).toEqual([finding]);
  });

  it("is not changed by whoever may only look", () => {
    const { store } = opened({ isReadOnly: true });
    expect(store.apply(ADD_PACK)).toBeNull();
    expect(store.present).toBe(OPENED.document);
    expect(store.state().saving.status).toBe("off");
  });

  it("is to be saved after an edit, and knows the revision that it builds on", () => {
    const { store } = opened();
    expect(store.state().saving).toMatchObject({ status: "saved", revision: 3, baseVersion: 1 });
    store.apply(ADD_PACK);
    expect(store.state().saving.status).toBe("unsaved");
  });
});
