/** Activation: each type of node begins its step in a file of its own. */
import type { CompiledNode } from "../../definition/graph";
import type { Turn } from "../turn";
import { startChoice } from "./choice";
import { startFail } from "./fail";
import { startSleep } from "./sleep";
import { startSucceed } from "./succeed";
import { startTask } from "./task";
import { startTransform } from "./transform";

export function startStep(turn: Turn, node: CompiledNode) {
  const { definition } = node;
  switch (definition.type) {
    case "task":
      return startTask(turn, node, definition);
    case "choice":
      return startChoice(turn, node, definition);
    case "sleep":
      return startSleep(turn, node, definition);
    case "transform":
      return startTransform(turn, node, definition);
    case "fail":
      return startFail(turn, node, definition);
    case "succeed":
      return startSucceed(turn, node, definition);
  }
}
