/** The worker that replays: asked in turn, it answers in turn. */
import type { Definition } from "@/lib/contract/definition";
import type { Replay } from "@/lib/editor/backtest/backtest";
import type { Recording } from "@/lib/editor/backtest/recording";

export class Replayer {
  private readonly worker = new Worker(new URL("./backtest.worker.ts", import.meta.url), { type: "module" });
  private readonly waiting: { resolve: (replay: Replay) => void; reject: (error: Error) => void }[] = [];

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Replay>) => this.waiting.shift()?.resolve(data);
    this.worker.onerror = ({ message }) => this.waiting.shift()?.reject(new Error(message));
  }

  replay(definition: Definition, recording: Recording): Promise<Replay> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage({ definition, recording });
    });
  }

  close(): void {
    this.worker.terminate();
    for (const { reject } of this.waiting.splice(0)) reject(new Error("It was stopped."));
  }
}
