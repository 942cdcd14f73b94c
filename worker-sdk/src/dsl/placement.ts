/** Where nodes stand, and which jumps may lead from one place to another. */

/** Elements one after another: the timeline, a strand of a group, an arm of a branch, the body of a map. */
export interface Sequence {
  readonly of: "timeline" | "strand" | "arm" | "body";
}

/** The sequences around a place, from the outside in, and how far into each it stands. */
export type Placement = readonly { readonly sequence: Sequence; readonly position: number }[];

/** What is wrong with a jump: a code, and the second half of a sentence that says what to do. */
export interface JumpFault {
  code: "JUMP_OUT_OF_GROUP" | "JUMP_OUT_OF_MAP" | "LOOP_ENTRY" | "JUMP_ENTRY" | "JUMP_BACKWARDS" | "JUMP_FORWARDS";
  why: string;
}

/**
 * A jump may lead to an element of a sequence around it, but not out of a parallel group, where its siblings would be
 * left running, and not out of a map, which is a scope of its own. A jump forward may leave one group for its join.
 */
export function judgeJump(from: Placement, to: Placement, direction: "back" | "forward"): JumpFault | null {
  const shared = sharedDepth(from, to);
  const left = from.slice(shared + 1).map(({ sequence }) => sequence.of);
  const entered = to[shared + 1]?.sequence.of;
  const here = from[shared]?.position ?? 0;
  const there = to[shared]?.position ?? 0;
  if (left.includes("body")) return outOfMap;
  const groups = left.filter((of) => of === "strand").length;
  const isJoin = direction === "forward" && entered === undefined && there === here + 1;
  if (groups > 1 || (groups === 1 && !isJoin)) return outOfGroup;
  if (entered !== undefined) return direction === "back" ? loopEntry(entered) : jumpEntry(entered);
  if (direction === "back") return there < here ? null : { code: "JUMP_BACKWARDS", why: "it comes later. Use skipTo" };
  return there > here ? null : { code: "JUMP_FORWARDS", why: "it comes before. Use backTo" };
}

export function leavesGroup(from: Placement, to: Placement): boolean {
  return from.slice(sharedDepth(from, to) + 1).some(({ sequence }) => sequence.of === "strand");
}

/** The innermost sequence that is around both. */
function sharedDepth(from: Placement, to: Placement): number {
  return from.findLastIndex(({ sequence }, i) => to[i]?.sequence === sequence);
}

const outOfMap: JumpFault = {
  code: "JUMP_OUT_OF_MAP",
  why: "it stands outside of the map, whose items run by themselves. Decide on the step after the map",
};
const outOfGroup: JumpFault = {
  code: "JUMP_OUT_OF_GROUP",
  why: "it stands outside of the parallel group, whose other members would be left running. Put the rule on the step after the group's join",
};

const INSIDE = { strand: "a parallel group", arm: "an arm of a branch", body: "the body of a map", timeline: "" };

function loopEntry(entered: Sequence["of"]): JumpFault {
  const what = INSIDE[entered];
  return {
    code: "LOOP_ENTRY",
    why: `it stands inside ${what}, and a loop is entered at its target only. Go back to the step before`,
  };
}

function jumpEntry(entered: Sequence["of"]): JumpFault {
  const what = INSIDE[entered];
  return {
    code: "JUMP_ENTRY",
    why: `it stands inside ${what}, which is entered as a whole. Skip to the step before or after it`,
  };
}
