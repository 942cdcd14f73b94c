/** A definition as it stands, with handlers that are still to be written. */
import type { Definition, MapTask, Node } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import { type Code, call, json, object, print } from "./code";
import { Naming } from "./naming";

export function literalSource(definition: Definition): string {
  const tasks = [...new Set(definition.nodes.flatMap(tasksOf))];
  const stubs = tasks.map((task): [string, Code] => [task, { is: "stub", task, input: "unknown", output: "unknown" }]);
  const code = call("fromDefinition", json(definition as JsonValue), object([["steps", object(stubs)]]));
  const name = new Naming(["fromDefinition"]).constant(definition.name, "Workflow");
  return `import { fromDefinition } from "@cerebelum/sdk";\n\nexport const ${name} = ${print(code)};\n`;
}

function tasksOf(node: Node): string[] {
  if (node.type === "map") return "nodes" in node.body ? node.body.nodes.flatMap(tasksOf) : tasksOfTask(node.body);
  return node.type === "task" ? tasksOfTask(node) : [];
}

function tasksOfTask({ task, compensate }: Pick<MapTask, "task" | "compensate">): string[] {
  return compensate === undefined ? [task] : [task, compensate.task];
}
