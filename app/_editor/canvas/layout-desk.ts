/**
 * Asks for layouts one at a time: while one is made, only the last that was asked for meanwhile is kept. Where the worker
 * does not come up, the page makes them itself.
 *
 *   idle --ask--> laying --answered--> idle
 *                  |--ask--> laying, one waits --answered--> laying that one
 */
import type { Laid, Shape } from "@/lib/editor/canvas/layout";

interface Question {
  readonly shape: Shape;
  readonly answer: (laid: readonly Laid[]) => void;
}

export class LayoutDesk {
  #worker: Worker | null = null;
  #laying: Question | null = null;
  #waiting: Question | null = null;

  /** The answer is given unless another question came in between. */
  ask(shape: Shape, answer: (laid: readonly Laid[]) => void): void {
    if (this.#laying === null) this.#begin({ shape, answer });
    else this.#waiting = { shape, answer };
  }

  /** What was asked is answered no more; the next question starts anew. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#laying = null;
    this.#waiting = null;
  }

  #begin(question: Question): void {
    this.#laying = question;
    this.#worker ??= this.#started();
    this.#worker.postMessage(question.shape);
  }

  #started(): Worker {
    const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<readonly Laid[]>) => this.#answered(data);
    worker.onerror = () => void this.#layHere();
    return worker;
  }

  async #layHere(): Promise<void> {
    const { layShape } = await import("./lay");
    if (this.#laying !== null) this.#answered(layShape(this.#laying.shape));
  }

  #answered(laid: readonly Laid[]): void {
    const question = this.#laying;
    const next = this.#waiting;
    this.#laying = null;
    this.#waiting = null;
    if (next !== null) this.#begin(next);
    else question?.answer(laid);
  }
}
