/** What an optional field is before anybody wrote anything into it: of the right shape, and as short as it can be. */
import type { Node } from "../../contract/definition";
import type { JsonObject, JsonValue } from "../../contract/json";
import { freshId } from "../document";

/** Of a field that cannot be empty; none: there is nothing to begin with. */
export function seedOf(name: string, node: Node | undefined): JsonObject | null {
  switch (name) {
    case "poll":
      return { until: "output.done == true" };
    case "compensate":
      return { task: `undo_${node === undefined || !("task" in node) ? "step" : node.task}`.slice(0, 128) };
    default:
      return null;
  }
}

/** One more item for a list of objects. */
export function itemSeed(name: string, items: readonly JsonValue[]): JsonObject {
  if (name !== "cases") return {};
  const taken = items.flatMap((item) =>
    typeof item === "object" && item !== null && "port" in item && !Array.isArray(item) ? [String(item.port)] : [],
  );
  return { port: freshId(new Set([...taken, "otherwise", "error"]), "case_1"), when: "true" };
}
