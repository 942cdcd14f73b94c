// What a stroke asks for, and what the sheet lists.
import { expect, test, vi } from "vitest";
import { KeyRegistry, mergedGroups, SEQUENCE_MS } from "@/app/_shell/key-registry";

const press = (registry: KeyRegistry, key: string, at = 0, mod = false) => registry.press({ key, mod, at })?.name;

test("a key runs while it is registered, and the innermost of two is meant", () => {
  const registry = new KeyRegistry();
  registry.register({ group: "Page", keys: [{ keys: "r", name: "refresh", run: () => {} }] });
  const leave = registry.register({ group: "Panel", keys: [{ keys: "r", name: "retry", run: () => {} }] });
  expect(press(registry, "r")).toBe("retry");
  leave();
  expect(press(registry, "r")).toBe("refresh");
  expect(press(registry, "x")).toBeUndefined();
});

test("a sequence needs its strokes in order and in time, and a late second stroke stands for itself", () => {
  const registry = new KeyRegistry();
  registry.register({
    group: "Go to",
    keys: [
      { keys: "g e", name: "executions", run: () => {} },
      { keys: "e", name: "edit", run: () => {} },
    ],
  });
  expect(press(registry, "g", 0)).toBeUndefined();
  expect(press(registry, "e", SEQUENCE_MS)).toBe("executions");
  expect(press(registry, "e", SEQUENCE_MS)).toBe("edit");
  expect(press(registry, "g", 5_000)).toBeUndefined();
  expect(press(registry, "e", 5_001 + SEQUENCE_MS)).toBe("edit");
  expect(press(registry, "g", 9_000)).toBeUndefined();
  expect(press(registry, "x", 9_001)).toBeUndefined();
  expect(press(registry, "e", 9_002)).toBe("edit");
});

test("with Ctrl or Cmd a key is another one", () => {
  const registry = new KeyRegistry();
  registry.register({ group: "Everywhere", keys: [{ keys: "mod+k", name: "palette", run: () => {} }] });
  expect(press(registry, "k")).toBeUndefined();
  expect(press(registry, "k", 0, true)).toBe("palette");
});

test("keys that are handled elsewhere are listed and never run", () => {
  const registry = new KeyRegistry();
  registry.register({ group: "List", keys: [{ keys: "ArrowDown", name: "next row" }] });
  expect(press(registry, "ArrowDown")).toBeUndefined();
  expect(mergedGroups(registry.groups())).toEqual([{ group: "List", keys: [{ keys: "ArrowDown", name: "next row" }] }]);
});

test("the sheet has one group of each name, and none without keys", () => {
  const go = { keys: "g e", name: "executions" };
  const more = { keys: "g a", name: "approvals" };
  const groups = [
    { group: "Go to", keys: [go] },
    { group: "List", keys: [] },
    { group: "Go to", keys: [more] },
  ];
  expect(mergedGroups(groups)).toEqual([{ group: "Go to", keys: [go, more] }]);
});

test("who watches is told when keys come and go", () => {
  const registry = new KeyRegistry();
  const told = vi.fn();
  registry.subscribe(told);
  registry.register({ group: "Page", keys: [] })();
  expect(told).toHaveBeenCalledTimes(2);
});
