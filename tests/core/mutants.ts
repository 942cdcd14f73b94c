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
    file: "evolve.ts",
    find: "{ ...target, dead: target.dead + 1 }",
    replace: "target",
  },
  {
    name: "a choice takes all its arms",
    file: "evolve.ts",
    find: "edge.port === ending.port",
    replace: 'edge.port === ending.port || edge.port === "otherwise"',
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
    file: "decide.ts",
    find: "...(timeoutMs === null ? {} : { timeoutAt: toInstant(turn.now + timeoutMs) }),",
    replace: "",
  },
  {
    name: "repeated answers are accepted",
    file: "decide.ts",
    find: "findStep(turn.draft, step)?.taskId === taskId;",
    replace:
      "(findStep(turn.draft, step)?.taskId === taskId || findStep(turn.draft, step)?.ended.some((it) => it.taskId === taskId));",
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
    find: "!isClosed(turn.draft) &&",
    replace: "",
  },
  {
    name: "a join of all runs at the first edge",
    file: "advance.ts",
    find: "decided && taken > 0 : taken >= node.join",
    replace: "taken > 0 : taken >= node.join",
  },
  {
    name: "a join of n runs one edge too late",
    file: "advance.ts",
    find: "taken >= node.join)",
    replace: "taken > node.join)",
  },
  {
    name: "a join of n gives up before its edges are decided",
    file: "advance.ts",
    find: "} else if (decided) {",
    replace: '} else if (taken + dead > 0 && node.join !== "all" && dead > node.ins.length - node.join) {',
  },
  {
    name: "an unreachable join is skipped",
    file: "advance.ts",
    find: "} else if (decided && taken === 0) {",
    replace: "} else if (decided) {",
  },
  {
    name: "losers go on running",
    file: "advance.ts",
    find: 'if (node.join !== "all" && !node.keepLosers) dropLosers(turn, node);',
    replace: "",
  },
  {
    name: "one attempt too many",
    file: "nodes/task.ts",
    find: "attempt < retry.maxAttempts",
    replace: "attempt <= retry.maxAttempts",
  },
  {
    name: "errors that must not be tried again are",
    file: "nodes/task.ts",
    find: "retryable !== false &&",
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
    find: '{ status: "failed", port: ERROR_PORT, error: event.data.error }',
    replace: '{ status: "failed", error: event.data.error }',
  },
  {
    name: "a failure without an error edge fails nothing",
    file: "endings.ts",
    find: "if (node.outs.some(({ port }) => port === ERROR_PORT)) handOn(turn, node);",
    replace: "if (node) handOn(turn, node);",
  },
  {
    name: "closing leaves steps open",
    file: "close.ts",
    find: "if (turn.draft.open === 0) return;",
    replace: "return;",
  },
  {
    name: "a skipped step tells nobody",
    file: "endings.ts",
    find: 'emit(turn, "StepSkipped", placeOf(turn, node));\n  handOn(turn, node);',
    replace: 'emit(turn, "StepSkipped", placeOf(turn, node));',
  },
  {
    name: "a decision returns more than its events say",
    file: "nodes/task.ts",
    find: "const { attempt } = stepAt(turn, node);",
    replace: "const { attempt } = stepAt(turn, node);\n  turn.draft.priority += 1;",
  },
  {
    name: "folding changes the state it was given",
    file: "evolve.ts",
    find: "steps: [...state.steps], deadlines",
    replace: "steps: state.steps as StepState[], deadlines",
  },
  {
    name: "sequences start anew with each command",
    file: "turn.ts",
    find: "command: turn.events[0]?.sequence ?? turn.draft.sequence + 1,",
    replace: "command: turn.draft.sequence + 1,",
  },
  {
    name: "task ids are used again",
    file: "nodes/task.ts",
    find: "taskId: turn.env.newTaskId(),",
    replace: "taskId: stepAt(turn, node).ended[0]?.taskId ?? turn.env.newTaskId(),",
  },
  {
    name: "cancelling writes no ending for the steps it cancels",
    file: "close.ts",
    find: 'cancelOpenSteps(turn, "EXECUTION_CANCELLED");',
    replace: "",
  },
];
