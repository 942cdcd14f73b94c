/** What a handler logged and nobody was sent yet: capped, the oldest lines go first. Logging never throws. */
import { inspect } from "node:util";
import { LOG_LINE_BYTES } from "@/lib/contract/limits";
import type { LogLine } from "@/lib/contract/logs";
import type { StepLog } from "../dsl/step-context";
import type { Room } from "./room";

const LINES = 1_000;
const CHARACTERS = 256 * 1024;
const LEVELS = ["debug", "info", "warn", "error"] as const;

export class LogBuffer {
  /** JSON texts. */
  private lines: string[] = [];
  private characters = 0;
  private dropped = 0;

  constructor(private readonly now: () => number) {}

  /** As `ctx.log`. */
  readonly log = Object.fromEntries(
    LEVELS.map((level) => [
      level,
      (text: string, fields?: Record<string, unknown>) =>
        this.add(level, typeof text === "string" ? text : inspect(text), fields),
    ]),
  ) as unknown as StepLog;

  /** JSON texts of lines, as far as there is room; they are gone from here. */
  take(room: Room): string[] {
    const fitting = this.lines.findIndex((line) => !room.take(line.length));
    const taken = this.lines.splice(0, fitting < 0 ? this.lines.length : fitting);
    this.characters -= sizeOf(taken);
    if (taken.length > 0 && this.dropped > 0) {
      taken.unshift(this.line("warn", `${this.dropped} lines before this one were dropped.`));
      this.dropped = 0;
    }
    return taken;
  }

  /** Lines that were taken, and of which nobody knows whether they arrived. */
  giveBack(lines: readonly string[]): void {
    this.lines.unshift(...lines);
    this.characters += sizeOf(lines);
    this.trim();
  }

  private add(level: LogLine["level"], text: string, fields?: Record<string, unknown>): void {
    const line = this.line(level, text, fields);
    this.lines.push(line);
    this.characters += line.length;
    this.trim();
  }

  private trim(): void {
    while (this.lines.length > LINES || this.characters > CHARACTERS) {
      this.characters -= this.lines.shift()?.length ?? 0;
      this.dropped++;
    }
  }

  private line(level: LogLine["level"], text: string, fields?: Record<string, unknown>): string {
    const plain = { at: new Date(this.now()).toISOString(), level, text: text.slice(0, LOG_LINE_BYTES) };
    const head = JSON.stringify(plain);
    return fields === undefined ? head : `${head.slice(0, -1)},"fields":${fieldsText(fields)}}`;
  }
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

/** What is no object of JSON, or more than is kept of a line, is replaced by a word about it. */
function fieldsText(fields: Record<string, unknown>): string {
  try {
    const text = JSON.stringify(fields, readable);
    if (!text.startsWith("{")) return JSON.stringify({ value: text });
    return text.length > LOG_LINE_BYTES ? JSON.stringify({ omitted: "too large" }) : text;
  } catch (error) {
    return JSON.stringify({ omitted: error instanceof Error ? error.message : "no JSON" });
  }
}

/** What people log most, and JSON would empty or refuse. */
function readable(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { ...value, name: value.name, message: value.message, stack: value.stack };
  return typeof value === "bigint" ? String(value) : value;
}
