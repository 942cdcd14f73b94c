/** Runs a job again and again, never twice at once; an error is logged and the next turn comes all the same. */
import type { Log } from "@/lib/log";

export interface Repeated {
  /** Resolves once the running turn, if any, has ended; no other begins. */
  stop(): Promise<void>;
}

/** The first turn comes after `intervalMs`, the next `intervalMs` after the last one ended. */
export function repeat(what: string, intervalMs: number, job: () => Promise<unknown>, log: Log): Repeated {
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();
  let timer = setTimeout(turn, intervalMs);

  function turn() {
    running = job()
      .catch((error: unknown) => log.warn({ error }, `${what} failed`))
      .then(() => {
        if (!stopped) timer = setTimeout(turn, intervalMs);
      });
  }

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
