/** A trial as anybody might play it: some of it answered by plan, some by hand, in any order and at any time. */
import type { Definition } from "@/lib/contract/definition";
import type { TrialAnswer, TrialChild, TrialDecision } from "@/lib/contract/trials";
import type { AnswerSource, Asker } from "@/lib/editor/trial/answers";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { Random } from "../simulation/random";
import { randomWorkflow } from "../simulation/random-workflow";
import { began } from "./trial-tools";

const MOVES = 60;

/** Brought to its end. */
export function rehearsed(seed: number): { definition: Definition; run: TrialRun } {
  const random = new Random(seed);
  const definition = randomWorkflow(random);
  const run = began(definition, { input: random.next(), answers: sourceOf(seed) });
  for (let i = 0; i < MOVES && !run.isClosed; i++) move(run, random);
  for (let i = 0; !run.isClosed; i++) {
    if (i > 2000) throw new Error(`seed ${seed} does not end`);
    if (run.asksAnswer || run.next === null) act(run, random);
    else run.step();
  }
  return { definition, run };
}

function move(run: TrialRun, random: Random) {
  const kind = random.pick(["step", "step", "act", "act", "act", "run", "pass", "signal", "cancel"] as const);
  if (kind === "step") run.step();
  else if (kind === "run") run.run(1 + random.roll(5));
  else if (kind === "pass") run.skip(random.pick([1, 1000, 30_000, 3_600_000]));
  else if (kind === "signal") run.signal(random.pick(["red", "green"]), random.roll(3));
  else if (kind === "cancel" && random.chance(0.05)) run.cancel({ compensate: random.chance(0.5) });
  else act(run, random);
}

function act(run: TrialRun, random: Random) {
  if (run.state.waiters.length > 0 && random.chance(0.3)) run.signal(random.pick(["red", "green"]), 0);
  if (run.waiting.length === 0) return;
  const thing = random.pick(run.waiting);
  if (thing.kind === "task") run.answer(thing.id, answerFrom(random));
  else if (thing.kind === "child") run.endChild(thing.id, childFrom(random));
  else {
    const decision = decisionFrom(random);
    if (decision !== "expired") run.decide(thing.id, decision);
  }
}

function sourceOf(seed: number): AnswerSource {
  const chance = ({ node, index, nth }: Asker) => new Random(hashOf(`${seed}/${node}/${index.join()}/${nth}`));
  const sometimes = <T>(asked: Asker, from: (random: Random) => T) => {
    const random = chance(asked);
    return random.chance(0.5) ? from(random) : null;
  };
  return {
    task: (asked) => sometimes(asked, answerFrom),
    approval: (asked) => sometimes(asked, decisionFrom),
    child: (asked) => sometimes(asked, childFrom),
  };
}

function answerFrom(random: Random): TrialAnswer {
  const took = random.pick([{}, {}, { took: "1s" }, { took: "20s" }, { took: 7 }]);
  const then = random.chance(0.5) ? { then: "resume" as const, name: "nap" } : {};
  const kind = random.roll(10);
  if (kind < 5) return { output: random.roll(3), ...took };
  if (kind < 7) return { error: { code: "E", message: "it broke" }, ...took };
  if (kind < 8) return { lost: true, ...took };
  if (kind < 9) return { sleep: { duration: random.pick(["0ms", "3s"]), ...then }, ...took };
  return { ask: { timeout: "5s", ...then }, ...took };
}

function decisionFrom(random: Random): TrialDecision {
  if (random.chance(0.2)) return "expired";
  const after = random.pick([{}, { after: "2s" }]);
  return { decision: random.pick(["approved", "rejected"]), ...after };
}

function childFrom(random: Random): TrialChild {
  const took = random.pick([{}, { took: "4s" }]);
  return random.chance(0.7) ? { output: 1, ...took } : { error: { code: "E", message: "no" }, ...took };
}

function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 7);
}
