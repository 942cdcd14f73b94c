/**
 * What is wrong with a trial beyond its shape. A duration that is none would count as no time, and a plan for a step that
 * nobody has would never be asked: a test that passes, and not for the reason that was written down.
 */
import type { Definition, Duration, Node } from "../../contract/definition";
import type { Trial, TrialAnswer, TrialChild, TrialDecision } from "../../contract/trials";
import { type BodyGraph, bodyGraph } from "../definition/graph";
import type { Place } from "../definition/place";
import { checkDuration } from "../definition/validate-times";

export interface TrialFault {
  /** JSON pointer into the trial. */
  readonly path: string;
  /** A sentence that says what to do. */
  readonly message: string;
}

const KINDS = ["steps", "compensations", "approvals", "children"] as const;
type Kind = (typeof KINDS)[number];

/** Durations that are none, wherever it plans one. */
export function durationFaults({
  signals = [],
  cancel,
  ...plans
}: Pick<Trial, Kind | "signals" | "cancel">): TrialFault[] {
  const planned = KINDS.flatMap((kind) => {
    const lists: { readonly [place: string]: readonly Plan[] } = plans[kind] ?? {};
    return Object.entries(lists).flatMap(([place, list]) =>
      list.flatMap((plan, n) => durationsOf(plan, `/${kind}/${pointed(place)}/${n}`)),
    );
  });
  const sent = signals.flatMap(({ after }, n) => written(`/signals/${n}/after`, after));
  return [...planned, ...sent, ...written("/cancel/after", cancel?.after)].flatMap(([place, duration]) =>
    checkDuration(place, duration).map(({ path, message }) => ({ path, message })),
  );
}

type Written = readonly [Place, Duration];
type Plan = TrialAnswer | TrialChild | TrialDecision;

function durationsOf(plan: Plan, path: string): Written[] {
  if (plan === "expired") return [];
  if ("decision" in plan) return written(`${path}/after`, plan.after);
  return [...written(`${path}/took`, plan.took), ...waitOf(plan, path)];
}

/** Of what a handler waits for. */
function waitOf(plan: TrialAnswer | TrialChild, path: string): Written[] {
  if ("sleep" in plan) return written(`${path}/sleep/duration`, plan.sleep.duration);
  return "ask" in plan ? written(`${path}/ask/timeout`, plan.ask.timeout) : [];
}

function written(path: string, duration: Duration | undefined): Written[] {
  return duration === undefined ? [] : [[{ path }, duration]];
}

/**
 * Plans that no step of this definition asks for: its name, its items or its kind are others. What the definition knows that
 * the trial was recorded with is no mistake: that a step is gone since is for the run to say.
 */
export function placeFaults(trial: Trial, definition: Definition): TrialFault[] {
  const known = [definition, ...(trial.definition === undefined ? [] : [trial.definition])].map(stepsOf);
  return KINDS.flatMap((kind) =>
    Object.keys(trial[kind] ?? {}).flatMap((place) => {
      const messages = known.flatMap((steps) => misplaced(kind, place, steps) ?? []);
      const [message] = messages;
      const isMistake = message !== undefined && messages.length === known.length;
      return isMistake ? [{ path: `/${kind}/${pointed(place)}`, message }] : [];
    }),
  );
}

interface Step {
  readonly node: Node;
  /** In how many maps it lies. */
  readonly maps: number;
}

/** By path. */
function stepsOf(definition: Definition): ReadonlyMap<string, Step> {
  const steps = new Map<string, Step>();
  const add = ({ nodes }: BodyGraph, prefix: string, maps: number) => {
    for (const node of nodes) {
      steps.set(prefix + node.id, { node, maps });
      if (node.type === "map") add(bodyGraph(node), `${prefix}${node.id}/`, maps + 1);
    }
  };
  add(definition, "", 0);
  return steps;
}

/** `a/b[3,0]`: a path, and perhaps one item of it. */
const PLACE = /^(.*?)(?:\[(\d+(?:,\d+)*)\])?$/;

/** Null: some step asks for it. */
function misplaced(kind: Kind, place: string, steps: ReadonlyMap<string, Step>): string | null {
  const [, path = "", indexes] = PLACE.exec(place) ?? [];
  const step = steps.get(path);
  if (step === undefined) return `There is no step "${path}": ${nearby(path, steps)}.`;
  const { node, maps } = step;
  if (indexes !== undefined && indexes.split(",").length !== maps)
    return maps === 0
      ? `"${path}" lies in no map: leave its item out.`
      : `Name one item of each map around "${path}": it lies in ${maps === 1 ? "1 map" : `${maps} maps`}.`;
  if (isAsked(kind, node)) return null;
  if (kind === "compensations") return `"${path}" has no compensation that could be answered.`;
  const right = KINDS.find((other) => other !== "compensations" && isAsked(other, node));
  const what = `"${path}" is of the type ${node.type}`;
  return right === undefined ? `${what}, which asks nobody: leave it out.` : `${what}: plan it under ${right}.`;
}

function nearby(path: string, steps: ReadonlyMap<string, Step>): string {
  const id = path.slice(path.lastIndexOf("/") + 1);
  const inside = [...steps.keys()].find((other) => other !== path && other.endsWith(`/${id}`));
  return inside === undefined ? "write its id as the workflow has it" : `write "${inside}"`;
}

function isAsked(kind: Kind, node: Node): boolean {
  switch (kind) {
    case "steps":
      return node.type === "task" || node.type === "http";
    case "compensations":
      return "compensate" in node && node.compensate !== undefined;
    case "approvals":
      return node.type === "approval" || node.type === "task";
    case "children":
      return node.type === "workflow";
  }
}

function pointed(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
