"use client";
/** The validator in a worker: asked with each change, it answers the latest question, and is never asked two at once. */
import type { Definition } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";

type Answer = (findings: readonly Finding[]) => void;

export class Judge {
  #worker: Worker | null = null;
  #underway: Answer | null = null;
  #next: { definition: Definition; answer: Answer } | null = null;

  ask(definition: Definition, answer: Answer): void {
    this.#next = { definition, answer };
    if (this.#underway === null) this.#go();
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#underway = this.#next = null;
  }

  #go(): void {
    if (this.#next === null) return;
    const { definition, answer } = this.#next;
    this.#next = null;
    this.#underway = answer;
    this.#opened().postMessage({ definition });
  }

  #opened(): Worker {
    if (this.#worker === null) {
      this.#worker = new Worker(new URL("./judge.worker.ts", import.meta.url), { type: "module" });
      this.#worker.onmessage = ({ data }: MessageEvent<readonly Finding[]>) => {
        const answer = this.#underway;
        this.#underway = null;
        // A newer question makes this answer old before it is told.
        if (this.#next === null) answer?.(data);
        this.#go();
      };
      // It is asked again with the next change; the server judges in any case before anything is published.
      this.#worker.onerror = () => {
        this.#underway = null;
        this.#go();
      };
    }
    return this.#worker;
  }
}
