/** The kinds of nodes as one looks for them. */

import type { canvasTexts } from "@/lib/client/texts/editor-canvas";
import type { NodeType } from "@/lib/contract/definition";

export const NODE_GROUPS: readonly {
  readonly name: keyof typeof canvasTexts.groups;
  readonly types: readonly NodeType[];
}[] = [
  { name: "work", types: ["task", "http", "workflow", "transform"] },
  { name: "flow", types: ["choice", "map"] },
  { name: "wait", types: ["sleep", "approval", "signal"] },
  { name: "end", types: ["succeed", "fail"] },
];
