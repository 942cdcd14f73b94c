/**
 * A trial of a workflow as a file: what goes in, what each step is answered, what people decide, and what should come of it.
 * The editor plays it in the page, `cerebelum test` on the local executor; both come to the same, for both play by the rules
 * that stand at the fields, and by these:
 *
 * - The clock is virtual. It stands still while anything can happen at its instant, then goes to the next one.
 * - At one instant, first comes what was planned for it at an earlier one (answers, decisions, signals, the cancel), in the
 *   order in which it was planned; then what expires or is due; then what was planned at that instant, in order.
 * - A task is taken by a worker at once, unless its concurrency key is used up; that worker sends its heartbeats.
 * - A worker that is lost after `took` lets its attempt time out, or from then on its heartbeat, or its lease (10 s), whichever
 *   is first. The call of an http step that is lost ends with `ATTEMPT_TIMEOUT` after its attempt timeout, or 30 s.
 * - What is cancelled before its turn to be taken has come was no dispatch, as far as the lists of answers go.
 * - Chance is {@link TRIAL_CHANCE}: back-off is exactly what the retry policy says. Ids are as {@link trialId} makes them.
 * - What needs an answer that is not planned waits for a person in the page, and fails the test elsewhere. A signal that is
 *   not planned does not come.
 */
import { z } from "zod";
import { definitionSchema, durationSchema, nameSchema } from "./definition";
import { instantSchema } from "./history";

/** What its clock says at the start, where the trial says nothing else. */
export const TRIAL_START = "2025-01-01T00:00:00.000Z";
/** After so long a worker that is lost is known to be: a server's lease that nobody renews. */
export const TRIAL_LEASE_MS = 10_000;
/** The call of an http step ends after so long with `ATTEMPT_TIMEOUT`, where the step has no attempt timeout. */
export const TRIAL_CALL_MS = 30_000;
/** Of every draw; see `retryDelayMs`. */
export const TRIAL_CHANCE = 0.5;
/** Who starts, sends, decides and cancels. */
export const TRIAL_USER = "user:local";

const PREFIXES = { execution: "exe_trial", task: "tsk_trial", approval: "apr_trial" } as const;

/** The n-th of its kind, from 0: the execution itself is `exe_trial`, its children follow as `exe_trial_1`, … */
export function trialId(of: "execution" | "task" | "approval", n: number): string {
  return of === "execution" && n === 0 ? PREFIXES.execution : `${PREFIXES[of]}_${n}`;
}

const failureSchema = z.strictObject({
  code: z.string().min(1).max(128),
  message: z.string().max(4096),
  details: z.json().optional(),
  retryable: z.boolean().optional().describe("Default true"),
});

const took = {
  took: durationSchema
    .optional()
    .describe("How long the attempt ran; default 0. Where its attempt timeout is no longer than that, it times out"),
};
const directive = {
  data: z.json().optional(),
  then: z.enum(["complete", "resume"]).optional().describe("Default complete"),
  name: nameSchema.optional().describe("Where it is resumed"),
};

/** What one dispatch of a step comes to. */
export const trialAnswerSchema = z.union([
  z.strictObject({ output: z.json(), port: nameSchema.optional().describe("An extra one of its node"), ...took }),
  z.strictObject({ error: failureSchema, ...took }),
  z.strictObject({
    lost: z.literal(true).describe("No answer comes, and after `took` no heartbeat either; see the rules above"),
    ...took,
  }),
  z.strictObject({ sleep: z.strictObject({ duration: durationSchema, ...directive }), ...took }),
  z.strictObject({
    ask: z.strictObject({
      title: z.string().optional(),
      description: z.string().optional(),
      assignees: z.array(z.string()).optional(),
      form: z.json().optional(),
      timeout: durationSchema.optional(),
      ...directive,
    }),
    ...took,
  }),
]);
export type TrialAnswer = z.infer<typeof trialAnswerSchema>;

/** How a child execution ends, so long after it was started. */
export const trialChildSchema = z.union([
  z.strictObject({ output: z.json(), ...took }),
  z.strictObject({
    error: failureSchema,
    status: z.enum(["failed", "cancelled", "terminated", "timed_out"]).optional().describe("Default failed"),
    ...took,
  }),
]);
export type TrialChild = z.infer<typeof trialChildSchema>;

export const trialDecisionSchema = z.union([
  z.literal("expired").describe("Nobody decides"),
  z.strictObject({
    decision: z.enum(["approved", "rejected"]),
    data: z.json().optional(),
    comment: z.string().max(4096).optional(),
    after: durationSchema.optional().describe("How long after it was asked; default at once"),
  }),
]);
export type TrialDecision = z.infer<typeof trialDecisionSchema>;

const MOST = 10_000;
const SINCE_START = "Since the start; default at once";

/**
 * By a step's path as events name it (`each/charge`), or with the indexes of one item (`each/charge[3]`, `a/b/c[3,0]`),
 * which wins. A list is what the first, second, … dispatch comes to, attempts, rounds and iterations counted on; the last
 * one repeats. Each item counts its own dispatches.
 */
const byStep = <T extends z.ZodType>(value: T) =>
  z.record(z.string().min(1).max(2048), z.array(value).min(1).max(MOST)).optional();

/** How one iteration of a step ended: `charge`, `each/pack[2]`, `review#3` in its third one, `charge:compensate`. */
export const passedStepSchema = z.strictObject({
  step: z.string().min(1),
  ended: z.enum(["completed", "failed", "skipped", "cancelled"]),
  port: nameSchema.optional().describe("Where it is not the default one of its type"),
});
export type PassedStep = z.infer<typeof passedStepSchema>;

export const trialSchema = z.strictObject({
  cerebelum: z.literal("trial"),
  format: z.literal(1),
  name: z.string().min(1).max(200),
  workflow: nameSchema,
  definition: definitionSchema
    .optional()
    .describe("What it was recorded with. A runner that was given the workflow runs that one"),
  startAt: instantSchema.optional().describe("What its clock says at the start; default 2025-01-01T00:00:00.000Z"),
  input: z.json().optional().describe("Default null"),
  key: z.string().min(1).max(512).optional(),
  tags: z.array(z.string()).max(100).optional(),
  correlationId: z.string().min(1).max(512).optional(),
  steps: byStep(trialAnswerSchema).describe("Of tasks and of http steps, whose output is {status, headers, body}"),
  compensations: byStep(trialAnswerSchema).describe("By the step that is undone"),
  approvals: byStep(trialDecisionSchema).describe("Of approvals, and of steps whose handler asked"),
  children: byStep(trialChildSchema),
  signals: z
    .array(
      z.strictObject({
        signal: z.string().min(1),
        payload: z.json().optional(),
        after: durationSchema.optional().describe(SINCE_START),
      }),
    )
    .max(MOST)
    .optional(),
  cancel: z
    .strictObject({
      reason: z.string().optional(),
      compensate: z.boolean().optional(),
      after: durationSchema.optional().describe(SINCE_START),
    })
    .optional(),
  expect: z
    .strictObject({
      status: z.enum(["completed", "failed", "cancelled", "terminated", "timed_out"]),
      output: z.json().optional(),
      error: z.string().optional().describe("Its code"),
      path: z
        .array(passedStepSchema)
        .optional()
        .describe("All that ended. Listed as it ended, and compared without order"),
    })
    .optional(),
});
export type Trial = z.infer<typeof trialSchema>;
export type TrialExpectation = NonNullable<Trial["expect"]>;
