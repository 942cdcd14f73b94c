/** What the types of nodes are called, and what each does: the same words in the palette, the list and the forms. */
import type { NodeType } from "@/lib/contract/definition";

export const nodeTypeTexts: { readonly [type in NodeType]: { readonly name: string; readonly does: string } } = {
  task: { name: "Task", does: "A worker runs a handler of your code" },
  http: { name: "HTTP call", does: "The server calls a URL itself, without a worker" },
  workflow: { name: "Child workflow", does: "Starts another workflow, and waits for it" },
  transform: { name: "Transform", does: "Computes a value from what is there" },
  choice: { name: "Choice", does: "Goes the way of the first case that holds" },
  map: { name: "Map", does: "Runs its body for each item of a list" },
  sleep: { name: "Sleep", does: "Waits for a time, for minutes or months" },
  approval: { name: "Approval", does: "Waits for a person's decision" },
  signal: { name: "Signal", does: "Waits for a named signal from outside" },
  succeed: { name: "Succeed", does: "Ends its graph as completed, here and now" },
  fail: { name: "Fail", does: "Ends its graph as failed, with a code" },
};
