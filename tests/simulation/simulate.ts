/** Lets everything happen to a world of random workflows, then everything that is still to happen. */
import { expect } from "vitest";
import type { Command } from "@/lib/core/execution/commands";
import { isClosed, isRetryable } from "@/lib/core/execution/statuses";
import { Random } from "./random";
import { childWorkflow, randomWorkflow } from "./random-workflow";
import { type Out, type Running, World } from "./world";

const DISTURBANCES = 120;
/** More than anything of this size can take: whatever needs more does not end. */
const MOST_TURNS = 6000;

export function simulate(seed: number): World {
  const random = new Random(seed);
  const world = new World(random);
  world.publish(childWorkflow(random));
  world.publish(randomWorkflow(random));
  const executions = 1 + random.roll(2);
  for (let i = 0; i < executions; i++) world.start("parent", random.next());
  for (let i = 0; i < DISTURBANCES; i++) disturb(world);
  drain(world);
  everythingIsClosed(world);
  return world;
}

function disturb(world: World) {
  const { random } = world;
  world.now += random.roll(2000);
  const kind = random.pick(KINDS);
  const execution = random.pick([...world.executions.values()]);
  switch (kind) {
    case "answer":
      if (world.out.size > 0) answer(world, random.pick([...world.out.values()]));
      return;
    case "expire":
      if (world.out.size > 0) expire(world, random.pick([...world.out.values()]));
      return;
    case "message":
      return deliverOne(world, random.roll(Math.max(1, world.messages.length)));
    case "repeat-message":
      if (world.delivered.length > 0) world.deliver(random.pick(world.delivered));
      return;
    case "decide":
      return decideOne(world);
    case "signal":
      if (!isClosed(execution.state)) send(world, execution, random.pick(["red", "green"]));
      return;
    case "wake":
      return wake(world);
    case "forget":
      return world.forget(execution.id);
    case "repeat":
      return repeat(world);
    case "control":
      return control(world, execution);
  }
}

const KINDS = [
  ...(["answer", "answer", "answer", "answer", "wake", "wake", "wake", "message", "message", "decide"] as const),
  ...(["expire", "repeat-message", "signal", "forget", "repeat", "control"] as const),
];

function leaseOf(taskId: string) {
  return `lease of ${taskId}`;
}

function answer(world: World, { execution, task }: Out) {
  const { random } = world;
  const named = {
    step: task.step,
    taskId: task.taskId,
    lease: leaseOf(task.taskId),
    worker: `worker-${random.roll(3)}`,
  };
  const kind = random.pick(ANSWERS);
  const output = random.roll(3);
  const checkpoints = random.chance(0.2) ? [{ name: random.pick(["a", "b"]), value: random.roll(9) }] : [];
  const then = random.chance(0.5) ? { then: "resume" as const, name: random.pick(["nap", "rest"]) } : {};
  switch (kind) {
    case "complete":
      return world.apply(execution, { type: "complete-task", ...named, output, checkpoints });
    case "fail":
      return world.apply(execution, {
        type: "fail-task",
        ...named,
        error: { code: "E", message: "it broke" },
        checkpoints,
      });
    case "fail-for-good":
      return world.apply(execution, {
        type: "fail-task",
        ...named,
        error: { code: "E", message: "no", retryable: false },
      });
    case "sleep":
      return world.apply(execution, {
        type: "sleep-task",
        ...named,
        durationMs: random.roll(5000),
        data: output,
        ...then,
      });
    case "ask":
      return world.apply(execution, { type: "approval-task", ...named, timeoutMs: random.roll(20_000), ...then });
    case "note":
      return world.apply(execution, { type: "checkpoint-task", ...named, checkpoints: [{ name: "c", value: output }] });
    case "late":
      return world.apply(execution, { type: "complete-task", ...named, taskId: "tsk_0", output });
  }
}

const ANSWERS = [
  ...(["complete", "complete", "complete", "complete", "complete", "fail", "fail", "fail-for-good"] as const),
  ...(["sleep", "ask", "note", "late"] as const),
];

function expire(world: World, { execution, task: { step, taskId } }: Out) {
  world.apply(execution, {
    type: "expire-task",
    step,
    taskId,
    code: world.random.pick(["LEASE_EXPIRED", "QUEUE_TIMEOUT"]),
  });
}

/** Messages of one sender come in order; those of different ones overtake one another. */
function deliverOne(world: World, at: number) {
  const picked = world.messages[at];
  if (picked === undefined) return;
  const first = world.messages.findIndex(({ from }) => from === picked.from);
  const [message] = world.messages.splice(first, 1);
  if (message !== undefined) world.deliver(message);
}

function decideOne(world: World) {
  if (world.asked.size === 0) return;
  const { execution, approval } = world.random.pick([...world.asked.values()]);
  world.apply(execution, {
    type: "decide-approval",
    step: approval.step,
    approvalId: approval.approvalId,
    decision: world.random.chance(0.7) ? "approved" : "rejected",
    decidedBy: "user:one",
  });
}

function send(world: World, { id }: Running, signal: string) {
  world.apply(id, { type: "signal", signal, payload: world.random.roll(9) });
}

function wake(world: World) {
  const next = world.nextWake();
  if (next !== null && world.random.chance(0.7)) world.now = Math.max(world.now, next);
  for (const { id } of world.open()) world.apply(id, { type: "wake" });
}

/** What was accepted once changes nothing when it comes again, but for the note of a late result. */
function repeat(world: World) {
  const again = world.accepted.filter(({ command }) => isRepeatable(command));
  if (again.length === 0) return;
  const { execution, command } = world.random.pick(again);
  const before = world.executions.get(execution)?.events.length ?? 0;
  const reply = world.apply(execution, command);
  const written = world.executions.get(execution)?.events.slice(before) ?? [];
  if (command.type === "checkpoint-task" && reply === "accepted") return expect(written).toEqual([]);
  expect(written.filter(({ type }) => type !== "ResultRejected")).toEqual([]);
  expect(["duplicate", "stale", "already-decided", "approval-closed", "unknown-task"]).toContain(reply);
}

function isRepeatable({ type }: Command): boolean {
  return type.endsWith("-task") || type === "decide-approval" || type === "child-closed";
}

function control(world: World, { id, state }: Running) {
  const { random } = world;
  if (isClosed(state)) {
    const reply = world.apply(id, { type: "retry" });
    if (!isRetryable(state)) expect(reply).toBe("not-retryable");
    return expect(world.apply(id, { type: "wake" })).toBe(
      isClosed(world.executions.get(id)?.state ?? state) ? "closed" : "accepted",
    );
  }
  const command = random.pick<Command>([
    { type: "pause" },
    { type: "pause" },
    { type: "resume" },
    { type: "resume" },
    { type: "cancel", compensate: random.chance(0.5) },
    { type: "terminate" },
  ]);
  if (command.type === "pause" || command.type === "resume" || random.chance(0.1)) world.apply(id, command);
}

/** With all results delivered everything closes. */
function drain(world: World) {
  for (let turn = 0; world.open().length > 0 || world.messages.length > 0; turn++) {
    if (turn > MOST_TURNS)
      throw new Error(`it does not end: ${world.open().map(({ id, state }) => `${id} ${state.status}`)}`);
    drainOne(world);
  }
}

function drainOne(world: World) {
  const paused = world.open().find(({ state }) => state.pausedAt !== null);
  if (paused !== undefined) return void world.apply(paused.id, { type: "resume" });
  if (world.messages.length > 0) return deliverOne(world, 0);
  const [out] = world.out.values();
  if (out !== undefined) {
    const { step, taskId } = out.task;
    return void world.apply(out.execution, { type: "complete-task", step, taskId, lease: leaseOf(taskId), output: 1 });
  }
  if (world.asked.size > 0) return decideOne(world);
  const waiting = world.open().find(({ state }) => state.waiters.length > 0);
  const signal = waiting?.state.waiters[0]?.signal;
  if (waiting !== undefined && signal !== undefined) return send(world, waiting, signal);
  const next = world.nextWake();
  if (next === null) throw new Error(`nothing can happen, and open are ${world.open().map(({ id }) => id)}`);
  world.now = Math.max(world.now, next);
  for (const { id } of world.open()) world.apply(id, { type: "wake" });
}

function everythingIsClosed(world: World) {
  expect(world.out.size).toBe(0);
  expect(world.asked.size).toBe(0);
  for (const { id, state, events } of world.executions.values()) {
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
    const after = events.length;
    expect(world.apply(id, { type: "wake" })).toBe("closed");
    expect(world.apply(id, { type: "pause" })).toBe("closed");
    expect(world.apply(id, { type: "signal", signal: "red", payload: null })).toBe("closed");
    expect(events.length).toBe(after);
    expect(state.root.open).toBe(0);
    world.forget(id);
  }
}
