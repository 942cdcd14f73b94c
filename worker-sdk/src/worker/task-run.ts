/** One task that this worker runs: its handler, and what heartbeats and the result say beside how it ended. */
import type { RenewalAck, Task } from "@/lib/contract/workers";
import type { AnyStep } from "../dsl/step";
import { HandlerRun } from "../handler/handler-run";
import { type Noted, notedText } from "../handler/noted-text";
import type { Outcome } from "../handler/outcome";
import { MESSAGE_CHARACTERS, Room } from "../handler/room";

/** What one heartbeat said of the task. */
export interface Report extends Noted {
  run: TaskRun;
  /** JSON text. */
  details: string | null;
}

export class TaskRun {
  private readonly handler: HandlerRun;
  /** The latest details that no heartbeat has carried, as JSON text. */
  private details: string | null = null;
  /** The server says that it cannot keep more; the result will be told why. */
  private refused = false;

  constructor(
    readonly task: Task,
    step: AnyStep,
    onNews: () => void,
  ) {
    this.handler = new HandlerRun(step, task, {
      now: Date.now,
      onHeartbeat: (details) => {
        if (details !== undefined) this.details = JSON.stringify(details);
        onNews();
      },
      onNote: onNews,
    });
  }

  /** Whether nobody waits for its result any longer: it is neither named nor sent. */
  get isAbandoned(): boolean {
    return this.handler.isAbandoned;
  }

  run(): Promise<Outcome> {
    return this.handler.run();
  }

  /** Tells the handler to stop, and why. */
  abandon(why: string): void {
    this.handler.abandon(why);
  }

  /** What the next heartbeat says, as far as there is room in it. */
  report(room: Room): Report {
    const { journal, logs } = this.handler;
    const details = this.details !== null && room.take(this.details.length) ? this.details : null;
    if (details !== null) this.details = null;
    return { run: this, details, checkpoints: journal.take(room), logs: logs.take(room) };
  }

  /** The server's answer to a report; null: nobody knows whether it arrived. */
  reported(report: Report, ack: RenewalAck | null): void {
    if (ack === null) {
      this.details ??= report.details;
      this.handler.logs.giveBack(report.logs);
      return;
    }
    this.handler.journal.acknowledge(ack.checkpoints ?? []);
    if (report.checkpoints.length > 0 && ack.checkpoints === undefined) this.refused = true;
  }

  /** Whether the result alone cannot carry what was noted down: heartbeats go ahead of it. */
  get needsHeartbeat(): boolean {
    return !this.isAbandoned && !this.refused && this.handler.journal.overflows;
  }

  /** What the result carries beside the outcome, as members of its JSON. */
  rest(): string {
    const room = new Room(MESSAGE_CHARACTERS);
    const { journal, logs } = this.handler;
    return notedText({ checkpoints: journal.take(room), logs: logs.take(room) });
  }
}

/** One entry of a heartbeat. */
export function reportText({ run, details, ...noted }: Report): string {
  const { taskId, leaseToken } = run.task;
  const head = JSON.stringify({ taskId, leaseToken }).slice(0, -1);
  return `${head}${details === null ? "" : `,"details":${details}`}${notedText(noted)}}`;
}
