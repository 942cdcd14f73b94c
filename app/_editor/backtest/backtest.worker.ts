/** Replays recorded executions beside the page, one after another. */
import type { Definition } from "@/lib/contract/definition";
import { replay } from "@/lib/editor/backtest/backtest";
import type { Recording } from "@/lib/editor/backtest/recording";
import { TRIAL_TOOLS } from "../trial/tools";

export interface Asked {
  readonly definition: Definition;
  readonly recording: Recording;
}

self.onmessage = ({ data: { definition, recording } }: MessageEvent<Asked>) =>
  self.postMessage(replay(definition, recording, TRIAL_TOOLS));
