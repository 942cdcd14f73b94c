/**
 * What a step noted down under names: in earlier runs of its handler, and in this one. What this run adds is kept until the
 * engine has said that it recorded it, and what the engine recorded wins.
 */
import { isStorableText } from "@/lib/contract/json";
import { CHECKPOINT_BYTES_A_STEP, CHECKPOINTS_A_MESSAGE, CHECKPOINTS_A_STEP } from "@/lib/contract/limits";
import { NonRetryableError } from "../errors";
import type { JsonValue } from "../types/definition";
import { MESSAGE_CHARACTERS, Room } from "./room";

/** `text` is JSON. */
export interface NotedCheckpoint {
  name: string;
  text: string;
}

const NAME_CHARACTERS = 128;
/** So many unsent ones are worth a heartbeat of their own. */
const MANY = CHECKPOINTS_A_MESSAGE / 2;

export class Journal {
  private readonly recorded: Map<string, JsonValue>;
  private readonly unsent = new Map<string, string>();
  /** Names that this run has used. */
  private readonly passed = new Set<string>();
  private bytes: number;

  constructor(recorded: readonly { name: string; value: JsonValue }[] = []) {
    this.recorded = new Map(recorded.map(({ name, value }) => [name, value]));
    this.bytes = recorded.reduce((sum, { value }) => sum + Buffer.byteLength(JSON.stringify(value)), 0);
  }

  /** Uses the name in this run; gives what an earlier run recorded under it, if any. @throws NonRetryableError */
  pass(name: string): { value: JsonValue } | null {
    checkName(name);
    if (this.passed.has(name))
      throw new NonRetryableError(
        `The name ${JSON.stringify(name)} was used before in this run. Each sleep, approval and run of a handler needs a name of its own.`,
        { code: "DUPLICATE_NAME" },
      );
    this.passed.add(name);
    const value = this.recorded.get(name);
    return value === undefined ? null : { value };
  }

  /** Whether the name stands for something already, now or in an earlier run. */
  has(name: string): boolean {
    return this.passed.has(name) || this.recorded.has(name);
  }

  /** @throws NonRetryableError `TOO_MANY_CHECKPOINTS` */
  note(name: string, text: string): void {
    const bytes = this.bytes + Buffer.byteLength(text);
    if (this.recorded.size + this.unsent.size >= CHECKPOINTS_A_STEP || bytes > CHECKPOINT_BYTES_A_STEP)
      throw new NonRetryableError(
        `A step may record ${CHECKPOINTS_A_STEP} results, of ${CHECKPOINT_BYTES_A_STEP} bytes together. Divide it into several steps.`,
        { code: "TOO_MANY_CHECKPOINTS" },
      );
    this.bytes = bytes;
    this.unsent.set(name, text);
  }

  /** Worth a heartbeat before its time. */
  get isFull(): boolean {
    return this.unsent.size >= MANY;
  }

  /** What one message may carry, oldest first. They stay unsent until {@link acknowledge}. */
  take(room: Room): NotedCheckpoint[] {
    const taken: NotedCheckpoint[] = [];
    for (const [name, text] of this.unsent) {
      if (taken.length === CHECKPOINTS_A_MESSAGE || !room.take(text.length)) break;
      taken.push({ name, text });
    }
    return taken;
  }

  /** All that is unsent, for whoever records it at once. */
  takeAll(): NotedCheckpoint[] {
    const taken = [...this.unsent].map(([name, text]) => ({ name, text }));
    this.unsent.clear();
    return taken;
  }

  /** Whether one message cannot carry all that is unsent. */
  get overflows(): boolean {
    return this.take(new Room(MESSAGE_CHARACTERS)).length < this.unsent.size;
  }

  /** These are what the history holds under their names. */
  acknowledge(recorded: readonly { name: string; value: JsonValue }[]): void {
    for (const { name, value } of recorded) {
      this.unsent.delete(name);
      this.recorded.set(name, value);
    }
  }
}

function checkName(name: string): void {
  if (typeof name === "string" && name !== "" && name.length <= NAME_CHARACTERS && isStorableText(name)) return;
  throw new NonRetryableError(`A name has 1 to ${NAME_CHARACTERS} characters, not ${JSON.stringify(name)}.`, {
    code: "INVALID_NAME",
  });
}
