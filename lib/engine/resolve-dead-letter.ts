/** Puts a dead letter aside: nothing is run again, and its execution stays failed. */
import type { Queryable } from "@/db/client";
import { deadLetterById } from "@/db/queries/dead-letters";
import { firstRow } from "@/db/queries/query";
import { resolveDeadLetter as resolveRow } from "@/db/stores/dead-letters";
import type { Clock } from "@/lib/clock";
import type { ResolveDeadLetter } from "@/lib/contract/dead-letters";
import { decodeId } from "@/lib/contract/ids";
import { type Caller, reachesWorkflow } from "./caller";
import { unfit } from "./leasing/payload-fit";
import { done, type Outcome, refused } from "./outcome";
import { changeAnnouncement } from "./process/announcements";

/** The same call again changes nothing and is answered like the first; another one is refused, for the first note stands. */
export async function resolveDeadLetter(
  { db, clock }: { db: Queryable; clock: Clock },
  caller: Caller,
  deadLetterId: string,
  body: ResolveDeadLetter,
): Promise<Outcome<null>> {
  const { namespaceId, actor } = caller;
  const note = body.note ?? null;
  const problem = unfit(note);
  if (problem !== null) return refused(problem.code, problem.message);
  const id = decodeId("deadLetter", deadLetterId);
  if (id === null) return refused("DEAD_LETTER_NOT_FOUND");
  const letter = await firstRow(db, deadLetterById(namespaceId, id));
  if (letter === null || !reachesWorkflow(caller, letter.workflow)) return refused("DEAD_LETTER_NOT_FOUND");
  const resolved = { by: actor, at: new Date(clock.now()), note };
  if (await resolveRow(db, namespaceId, id, resolved, changeAnnouncement(namespaceId, ["dead-letters"])))
    return done(null);
  const row = await firstRow(db, deadLetterById(namespaceId, id));
  if (row === null) return refused("DEAD_LETTER_NOT_FOUND");
  if (row.status === "resolved" && row.note === note) return done(null);
  return refused("DEAD_LETTER_CLOSED", `It was ${row.status} before.`);
}
