/** One random node for a place in a graph. */
import type { Edge, Node, TaskNode } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type { Dice } from "./dice";
import type { Surroundings } from "./random-parts";

type Way = Pick<Edge, "port"> & { readonly id: string };
type Base = Pick<Node, "id" | "join" | "keepLosers">;

const COMMON = ["task", "task", "task", "choice", "sleep", "transform"] as const;

/** `endings`: node types that end a graph, where they may stand here. */
export function randomNode(
  dice: Dice,
  id: string,
  ways: readonly Way[],
  endings: readonly Node["type"][],
  around: Surroundings,
): Node {
  const base = { id, ...randomJoin(dice, ways.length, around.orderFree) };
  if (around.ports.length > 0) return turning(dice, base, around);
  const kinds = [...COMMON, ...COMMON, ...COMMON, ...(around.orderFree ? [] : endings), ...featured(around)];
  switch (dice.pick(kinds)) {
    case "choice":
      return randomChoice(dice, base, around);
    case "sleep":
      return { ...base, type: "sleep", duration: dice.roll(20) * 1000 };
    case "transform":
      return { ...base, type: "transform", value: dice.once(12) ? "=input.missing" : reading(dice, around) };
    case "approval":
      return { ...base, type: "approval", title: "Go?", ...(dice.once(2) ? { timeout: "3s" } : {}) };
    case "signal":
      return { ...base, type: "signal", signal: around.maps > 0 ? "='go-' + string(index)" : "go", timeout: "4s" };
    case "map":
      return {
        ...base,
        type: "map",
        items: dice.once(2) ? "=input.flags" : [1, 2],
        concurrency: 1 + dice.roll(3),
        failure: dice.once(2) ? "continue" : "stop",
        body: around.body(),
      };
    case "workflow":
      return { ...base, type: "workflow", workflow: "child", input: reading(dice, around), wait: !dice.once(3) };
    case "http":
      return { ...base, type: "http", request: { url: "https://example.com" }, retry: { maxAttempts: 2 } };
    case "fail": {
      const failed = ways.find(({ port }) => port === "error");
      return failed === undefined
        ? { ...base, type: "fail", code: "F" }
        : { ...base, type: "fail", rethrow: failed.id };
    }
    case "succeed":
      return { ...base, type: "succeed", output: id };
    default:
      return randomTask(dice, base, around);
  }
}

function featured({ has, orderFree }: Surroundings): Node["type"][] {
  return [
    ...(has("approvals") ? (["approval"] as const) : []),
    ...(has("signals") && !orderFree ? (["signal"] as const) : []),
    ...(has("maps") ? (["map", "map"] as const) : []),
    ...(has("children") ? (["workflow"] as const) : []),
    ...(has("http") ? (["http"] as const) : []),
  ];
}

/** One that may lead a loop back: by its handler's choice, or for as many turns as it was told. */
function turning(dice: Dice, base: Base, around: Surroundings): Node {
  if (dice.once(2)) return { ...randomTask(dice, base, around), ports: ["extra", ...around.ports] };
  return {
    ...base,
    type: "choice",
    cases: around.ports.map((port) => ({ port, when: `loop.iteration <= ${dice.roll(3)}` })),
  };
}

function randomChoice(dice: Dice, base: Base, around: Surroundings): Node {
  const asked = around.has("reads") && around.before.length > 0 ? dice.pick(around.before) : null;
  return {
    ...base,
    type: "choice",
    cases: [
      { port: "yes", when: `input.flags[${dice.roll(4)}]` },
      { port: "no", when: asked === null ? `!input.flags[${dice.roll(4)}]` : `has(steps.${asked}.output)` },
    ],
  };
}

function randomTask(dice: Dice, base: Base, around: Surroundings): TaskNode {
  const polls = around.has("polls") && dice.once(4);
  return {
    ...base,
    type: "task",
    task: "t",
    retry: { maxAttempts: 1 + dice.roll(3), jitter: 0.5 },
    ports: ["extra"],
    ...(!around.orderFree && dice.once(2) ? { timeout: { total: "2s" } } : {}),
    ...(around.has("reads") && dice.once(2) ? { input: reading(dice, around) } : {}),
    ...(polls ? { poll: { until: `round > ${dice.roll(3)}`, interval: "1s", timeout: "5s" } } : {}),
    ...(around.has("compensations") && dice.once(3) ? { compensate: compensation(dice, base.id) } : {}),
  };
}

function compensation(dice: Dice, id: string): NonNullable<TaskNode["compensate"]> {
  const input = dice.once(2) ? { input: `=steps.${id}.output` } : {};
  return { task: "undo", retry: { maxAttempts: 1 + dice.roll(2) }, ...input };
}

/** Something that can be read here. Of a step that came before, the output, although it may be missing. */
function reading(dice: Dice, { has, before, maps, loops }: Surroundings): JsonValue {
  const sources = [
    ...(has("reads") && before.length > 0
      ? [`steps.${dice.pick(before)}.output`, `steps.${dice.pick(before)}.status`]
      : []),
    ...(has("reads") && maps > 0 ? ["item", "string(index)"] : []),
    ...(has("reads") && maps > 1 ? ["outer.item"] : []),
    ...(has("reads") && loops > 0 ? ["loop.iteration", "loop.value"] : []),
  ];
  return sources.length === 0 ? "=size(input.flags)" : `=${dice.pick(sources)}`;
}

function randomJoin(dice: Dice, ways: number, orderFree: boolean): Pick<Node, "join" | "keepLosers"> {
  if (ways === 0) return {};
  const keepLosers = orderFree || dice.once(3) ? { keepLosers: true } : {};
  return { join: dice.pick(["all" as const, "any" as const, 1 + dice.roll(ways)]), ...keepLosers };
}
