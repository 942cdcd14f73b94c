/** Finds nodes by what is written in them: ids first, then all else, expressions included; in the order in which they run. */
import type { Node } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import { bodyOf, type Graph } from "../document";
import { inOrder } from "./order";

export function found(graph: Graph, text: string): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const nodes = everyNode(graph);
  const byId = nodes.filter(({ id }) => id.toLowerCase().includes(wanted));
  const inText = nodes.filter((node) => !byId.includes(node) && textOf(node).includes(wanted));
  return [...byId, ...inText].map(({ id }) => id);
}

function everyNode(graph: Graph): readonly Node[] {
  return inOrder(graph).flatMap((node) => {
    const body = bodyOf(node);
    return body === null ? [node] : [node, ...everyNode(body)];
  });
}

const known = new WeakMap<Node, string>();

function textOf(node: Node): string {
  const text = known.get(node) ?? textsOf(node).join("\n").toLowerCase();
  known.set(node, text);
  return text;
}

/** All that is written in a node; what lies in its body is found there. */
function textsOf(node: Node): string[] {
  const { id: _, ...fields } = node;
  const own = bodyOf(node) === null ? fields : { ...fields, body: null };
  const texts: string[] = [];
  const add = (value: unknown) => {
    if (typeof value === "string") texts.push(value);
    else if (typeof value === "object" && value !== null)
      for (const each of Object.values(value)) add(each as JsonValue);
  };
  add(own);
  return texts;
}
