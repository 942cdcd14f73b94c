/** Activation: each type of node begins its step in a file of its own. */
import type { At } from "../draft";
import type { Turn } from "../turn";
import { startApproval } from "./approval";
import { startChild } from "./child";
import { startChoice } from "./choice";
import { startFail } from "./fail";
import { startMap } from "./map";
import { startSignal } from "./signal";
import { startSleep } from "./sleep";
import { startSucceed } from "./succeed";
import { startTask } from "./task";
import { startTransform } from "./transform";

export function startStep(turn: Turn, at: At) {
  const { definition } = at.node;
  switch (definition.type) {
    case "task":
    case "http":
      return startTask(turn, at, definition);
    case "choice":
      return startChoice(turn, at, definition);
    case "sleep":
      return startSleep(turn, at, definition);
    case "approval":
      return startApproval(turn, at, definition);
    case "signal":
      return startSignal(turn, at, definition);
    case "map":
      return startMap(turn, at, definition);
    case "workflow":
      return startChild(turn, at, definition);
    case "transform":
      return startTransform(turn, at, definition);
    case "fail":
      return startFail(turn, at, definition);
    case "succeed":
      return startSucceed(turn, at, definition);
  }
}
