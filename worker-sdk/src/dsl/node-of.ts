/** The node of the definition that an element stands for, but for maps, whose body is a graph of its own. */
import type { JsonValue, Node } from "../types/definition";
import { Absent } from "./absent";
import type { Approval } from "./approval";
import type { Child } from "./child";
import type { AnyNode, MapItems } from "./elements";
import { defined, type JoinOptions } from "./graph-node";
import type { HttpCall } from "./http";
import type { Signal } from "./signal";
import { taskFields } from "./task-fields";
import { type Template, templateJson } from "./template";

/** `given`: what it is handed, as a template. Throws {@link DefinitionError} for what cannot be sent. */
export function nodeOf(element: Exclude<AnyNode, MapItems<string, never, unknown>>, given: JsonValue): Node {
  switch (element.kind) {
    case "step":
      return { id: element.id, type: "task", ...taskFields(element, given), ...joinOf(element.options) };
    case "transform": {
      const value = templateJson(element.value, `The value of transform "${element.id}"`);
      return { id: element.id, type: "transform", value, ...joinOf(element.options) };
    }
    case "approval":
      return approvalNode(element);
    case "signal":
      return signalNode(element);
    case "child":
      return childNode(element, given);
    case "http":
      return httpNode(element);
  }
}

export function joinOf({ join, keepLosers }: JoinOptions): JoinOptions {
  return defined({ join, keepLosers });
}

/** Each option as a template; those that were not given are left out. */
function templates(options: object, of: string): { [name: string]: JsonValue } {
  const given = Object.entries(defined(options));
  return Object.fromEntries(given.map(([name, value]) => [name, templateJson(value, `${name} of ${of}`)]));
}

function approvalNode({ id, options: { join, keepLosers, ...options } }: Approval<string, unknown>): Node {
  return { id, type: "approval", ...templates(options, `approval "${id}"`), ...joinOf({ join, keepLosers }) };
}

function signalNode({ id, signal, options: { join, keepLosers, ...options } }: Signal<string, unknown>): Node {
  const fields = templates({ signal, ...options }, `signal "${id}"`) as { signal: string };
  return { id, type: "signal", ...fields, ...joinOf({ join, keepLosers }) };
}

function childNode({ id, workflow, input, options }: Child<string, never, unknown>, given: JsonValue): Node {
  return defined({
    id,
    type: "workflow",
    workflow: typeof workflow === "string" ? workflow : workflow.name,
    input: inputOf(input, given, `The input of child "${id}"`),
    ...(options as JoinOptions),
  });
}

function inputOf(input: Template | Absent | undefined, given: JsonValue, where: string): JsonValue | undefined {
  if (input instanceof Absent) return undefined;
  return input === undefined ? given : templateJson(input, where);
}

function httpNode({ id, options }: HttpCall<string, unknown>): Node {
  const { method, url, headers, query, body, join, keepLosers, ...rest } = options;
  const request = templates({ method, url, headers, query, body }, `http "${id}"`) as { url: string };
  return { id, type: "http", request, ...defined(rest), ...joinOf({ join, keepLosers }) };
}
