/** Bugs to be seeded into the core: each is one edit of its source, and each must break some law. */

export interface Mutant {
  readonly name: string;
  /** Under `lib/core/execution`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: "dead paths are not counted",
    file: "edges.ts",
    find: "{ ...step, dead: step.dead + 1 }",
    replace: "step",
  },
  {
    name: "a choice takes all its arms",
    file: "edges.ts",
    find: "deliver(draft, at, edge, out, edge.port === port);",
    replace: 'deliver(draft, at, edge, out, edge.port === port || edge.port === "otherwise");',
  },
  {
    name: "a choice always takes its first case",
    file: "nodes/choice.ts",
    find: "const port = last?.result ? last.port : OTHERWISE_PORT;",
    replace: "const port = evaluated[0]?.port ?? OTHERWISE_PORT;",
  },
  {
    name: "total timeouts are forgotten",
    file: "evolve.ts",
    find: "totalTimeoutAt: data.totalTimeoutAt === undefined ? step.totalTimeoutAt : epochMs(data.totalTimeoutAt),",
    replace: "totalTimeoutAt: null,",
  },
  {
    name: "execution timeouts are never set",
    file: "start.ts",
    find: "return timeoutMs === null ? {} : { timeoutAt: toInstant(now + timeoutMs) };",
    replace: "return timeoutMs === now ? {} : {};",
  },
  {
    name: "repeated answers are accepted",
    file: "decide.ts",
    find: "findStep(state, step)?.taskId === taskId;",
    replace:
      "(findStep(state, step)?.taskId === taskId || findStep(state, step)?.ended.some((it) => it.taskId === taskId));",
  },
  {
    name: "repeated answers are taken for late ones",
    file: "results.ts",
    find: 'return "duplicate";',
    replace: 'return "stale";',
  },
  {
    name: "late results are written after the close",
    file: "results.ts",
    find: "!isClosed(turn.state) &&",
    replace: "",
  },
  {
    name: "a join of all runs at the first edge",
    file: "joins.ts",
    find: "taken + dead === ins.length && taken > 0",
    replace: "taken > 0",
  },
  {
    name: "a join of n runs one edge too late",
    file: "joins.ts",
    find: "taken >= join",
    replace: "taken > join",
  },
  {
    name: "a join of n gives up before its edges are decided",
    file: "advance.ts",
    find: "} else if (isDecided(node, step)) {",
    replace:
      '} else if (step.taken + step.dead > 0 && node.join !== "all" && step.dead > node.ins.length - node.join) {',
  },
  {
    name: "an unreachable join is skipped",
    file: "advance.ts",
    find: "} else if (isDecided(node, step) && step.taken === 0) {",
    replace: "} else if (isDecided(node, step)) {",
  },
  {
    name: "losers go on running",
    file: "advance.ts",
    find: 'if (node.join !== "all" && node.ins.length > 0 && !step.forced && !node.keepLosers) dropLosers(turn, at);',
    replace: "",
  },
  {
    name: "one attempt too many",
    file: "attempts.ts",
    find: "return spent < retry.maxAttempts;",
    replace: "return spent <= retry.maxAttempts;",
  },
  {
    name: "errors that must not be tried again are",
    file: "attempts.ts",
    find: "retryable === false || ",
    replace: "",
  },
  {
    name: "a retry does not wait for its back-off",
    file: "due.ts",
    find: "due !== null && due.at <= now",
    replace: "due !== null && due.at <= now + 600",
  },
  {
    name: "an error edge is not taken",
    file: "evolve.ts",
    find: "port: event.data.unrouted === true ? null : ERROR_PORT,",
    replace: 'port: event.data.unrouted === true ? ERROR_PORT : "none",',
  },
  {
    name: "a failure without an error edge fails nothing",
    file: "fold-endings.ts",
    find: 'next.push({ kind: "fail", ref: refOf(at), iteration });',
    replace: "",
  },
  {
    name: "closing leaves steps open",
    file: "close.ts",
    find: "for (const at of openStepsOf(turn.state, 0, [])) cancelOne(turn, at, why);",
    replace: "",
  },
  {
    name: "a skipped step tells nobody",
    file: "fold-endings.ts",
    find: 'if (status === "cancelled" && isClosingReason(why ?? null)) return;',
    replace: 'if (status === "skipped" || isClosingReason(why ?? null)) return;',
  },
  {
    name: "a decision returns more than its events say",
    file: "nodes/task.ts",
    find: "schedule(turn, at, { attempt: attempt + 1, round: Math.max(round, 1) }, first);",
    replace:
      "turn.state.priority += 1;\n  schedule(turn, at, { attempt: attempt + 1, round: Math.max(round, 1) }, first);",
  },
  {
    name: "folding changes the state it was given",
    file: "draft.ts",
    find: "steps: [...scope.steps], loops",
    replace: "steps: scope.steps as StepState[], loops",
  },
  {
    name: "sequences start anew with each command",
    file: "turn.ts",
    find: "command: turn.events[0]?.sequence ?? sequence,",
    replace: "command: sequence,",
  },
  {
    name: "task ids are used again",
    file: "nodes/task.ts",
    find: "taskId: turn.env.newTaskId(),",
    replace: "taskId: stepAt(turn, at).ended[0]?.taskId ?? turn.env.newTaskId(),",
  },
  {
    name: "cancelling writes no ending for the steps it cancels",
    file: "close.ts",
    find: 'cancelOpenSteps(turn, "EXECUTION_CANCELLED");',
    replace: "",
  },
];
