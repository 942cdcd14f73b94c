"use client";
/** The dialog of the action that is asked for; at most one is open. */
import type { Execution } from "@/lib/contract/executions";
import { CancelDialog } from "../cancel-dialog";
import type { Snapshot } from "../execution-feed";
import { type Asked, withdraw } from "./asked";
import { ControlDialog } from "./control-dialogs";
import { DecideDialog } from "./decide-dialog";
import { ForkDialog } from "./fork-dialog";
import { RetryDialog } from "./retry-dialog";
import { SignalDialog } from "./signal-dialog";
import { VerifyDialog } from "./verify-dialog";

export function ActionDialogs({
  asked,
  execution,
  snapshot,
}: {
  asked: Asked;
  execution: Execution;
  snapshot: Snapshot;
}) {
  const shared = { execution, snapshot, onClose: withdraw };
  switch (asked.action) {
    case "cancel":
      return <CancelDialog {...shared} />;
    case "terminate":
    case "pause":
    case "resume":
      return <ControlDialog execution={execution} verb={asked.action} onClose={withdraw} />;
    case "retry":
      return <RetryDialog {...shared} fromNode={asked.fromNode} />;
    case "fork":
      return <ForkDialog {...shared} at={asked.at} step={asked.step} />;
    case "signal":
      return <SignalDialog executionId={execution.id} state={snapshot.state} name={asked.name} onClose={withdraw} />;
    case "decide":
      return <DecideDialog executionId={execution.id} place={asked} onClose={withdraw} />;
    case "verify":
      return <VerifyDialog executionId={execution.id} onClose={withdraw} />;
  }
}
