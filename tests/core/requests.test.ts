// A call that comes again with its idempotency key is known, by the history alone.
import { describe, expect, test } from "vitest";
import type { RequestKey } from "@/lib/contract/history";
import type { Command } from "@/lib/core/execution/commands";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import { given, tasks } from "./support/execution";

const request = (key: string, hash = "h"): { request: RequestKey } => ({ request: { key, hash } });
const started = () => given({ nodes: tasks("a") }).start();

describe("a command with a key", () => {
  test.each<[string, Command]>([
    ["cancel", { type: "cancel", ...request("k") }],
    ["terminate", { type: "terminate", ...request("k") }],
    ["pause", { type: "pause", ...request("k") }],
    ["signal", { type: "signal", signal: "s", payload: 1, ...request("k") }],
  ])("%s changes something once, whatever has become of the execution since", (_, command) => {
    const execution = started();
    expect(execution.reply(command)).toBe("accepted");
    const { length } = execution.events;
    expect(execution.reply(command)).toBe("duplicate");
    expect(execution.reply({ ...command, ...request("k", "other") } as Command)).toBe("key-conflict");
    if (execution.state.closedAt === null) execution.cancel();
    expect(execution.reply(command)).toBe("duplicate");
    expect(execution.events.slice(0, length).filter(({ data }) => "request" in data)).toHaveLength(1);
  });

  test("resumes and retries once", () => {
    const execution = started();
    execution.do({ type: "pause" });
    const resume: Command = { type: "resume", ...request("r") };
    expect(execution.reply(resume)).toBe("accepted");
    execution.do({ type: "pause" });
    expect(execution.reply(resume)).toBe("duplicate");
    expect(execution.state.status).toBe("paused");

    const failing = given({ nodes: [{ id: "no", type: "fail", code: "NO" }] }).start();
    const retry: Command = { type: "retry", ...request("t") };
    expect(failing.reply(retry)).toBe("accepted");
    expect(failing.state.status).toBe("failed");
    expect(failing.reply(retry)).toBe("duplicate");
    expect(failing.reply({ type: "retry", ...request("u") })).toBe("accepted");
  });

  test("that is refused leaves no trace, so that it may come again", () => {
    const execution = started();
    const retry: Command = { type: "retry", ...request("k") };
    expect(execution.reply(retry)).toBe("not-retryable");
    execution.do({ type: "fail-task", ...execution.answer("a"), error: { code: "X", message: "x", retryable: false } });
    expect(execution.reply(retry)).toBe("accepted");
  });

  test("is known from a history that was folded anew", () => {
    const execution = started();
    execution.do({ type: "signal", signal: "s", payload: 1, ...request("k") });
    const folded = evolveAll(initialState(execution.state.graph), execution.events);
    expect(folded.requests).toEqual([{ key: "k", hash: "h" }]);
    expect(folded).toEqual(execution.state);
  });

  test("is forgotten after a thousand others, so that a state stays small", () => {
    const execution = started();
    const pauses = (key: string): Command => ({ type: "pause", ...request(key) });
    const resumes = (key: string): Command => ({ type: "resume", ...request(key) });
    for (let i = 0; i < 501; i++) {
      execution.do(pauses(`p${i}`));
      execution.do(resumes(`r${i}`));
    }
    expect(execution.state.requests).toHaveLength(1000);
    expect(execution.reply(pauses("p1"))).toBe("duplicate");
    expect(execution.reply(pauses("p0"))).toBe("accepted");
  });
});

test("without a key nothing is remembered", () => {
  const execution = started();
  execution.do({ type: "signal", signal: "s", payload: 1 });
  expect(execution.reply({ type: "signal", signal: "s", payload: 1 })).toBe("accepted");
  expect(execution.state.requests).toEqual([]);
});
