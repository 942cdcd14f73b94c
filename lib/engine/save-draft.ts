/** Saves the draft of a workflow, for whoever has seen what was saved last: nobody writes over what somebody else just did. */
import { firstRow } from "@/db/queries/query";
import { countDrafts, draftByName } from "@/db/queries/workflow-drafts";
import { insertDraft, removeDraft, type SavedDraft, updateDraft } from "@/db/stores/workflow-drafts";
import type { SaveDraft } from "@/lib/contract/drafts";
import { type Caller, reachesWorkflow } from "./caller";
import { done, type Outcome, type Refusal, refused } from "./outcome";
import type { Services } from "./services";

/** Of one namespace. */
const DRAFTS_AT_MOST = 2_000;

export interface DraftSaved {
  revision: number;
  updatedAt: Date;
  /** It is the first save, or somebody else saved the one before. */
  changedHands: boolean;
}

/** Refused as STALE_DRAFT where the draft is at another revision, as DRAFT_NOT_FOUND where it was thrown away. */
export async function saveDraft(
  services: Pick<Services, "db" | "clock">,
  caller: Caller,
  name: string,
  { definition, layout, baseVersion, revision }: SaveDraft,
): Promise<Outcome<DraftSaved>> {
  const { namespaceId, actor } = caller;
  if (!reachesWorkflow(caller, name)) return refused("WORKFLOW_NOT_FOUND");
  const draft = {
    namespaceId,
    name,
    definition: JSON.stringify(definition),
    layout: JSON.stringify(layout),
    baseVersion,
    updatedAt: new Date(services.clock.now()),
    updatedBy: actor,
  };
  const otherName = definition.name === name ? null : refused("INVALID_REQUEST", otherNamed(definition.name, name));
  return revision === 0 ? (otherName ?? beginDraft(services, draft)) : goOn(services, draft, revision, otherName);
}

async function beginDraft({ db }: Pick<Services, "db">, draft: SavedDraft): Promise<Outcome<DraftSaved>> {
  const kept = await firstRow(db, countDrafts(draft.namespaceId));
  if ((kept?.count ?? 0) >= DRAFTS_AT_MOST)
    return refused("INVALID_REQUEST", `A namespace keeps at most ${DRAFTS_AT_MOST} drafts; throw one away first.`);
  if (!(await insertDraft(db, draft))) return refused("STALE_DRAFT", "There is a draft already: read it first.");
  return done({ revision: 1, updatedAt: draft.updatedAt, changedHands: true });
}

async function goOn(
  { db }: Pick<Services, "db">,
  draft: SavedDraft,
  revision: number,
  otherName: Refusal | null,
): Promise<Outcome<DraftSaved>> {
  const saved = otherName === null ? await updateDraft(db, draft, revision) : null;
  if (saved !== null) {
    const { updatedAt, updatedBy } = draft;
    return done({ revision: revision + 1, updatedAt, changedHands: saved.savedBefore !== updatedBy });
  }
  if ((await firstRow(db, draftByName(draft.namespaceId, draft.name))) === null) return refused("DRAFT_NOT_FOUND");
  const stale = "Read it again: your changes and the others' can be put together.";
  return otherName ?? refused("STALE_DRAFT", stale);
}

function otherNamed(written: string, name: string): string {
  return `The draft of ${name} holds a definition that is named ${written}: save it under that name.`;
}

/** What was published stays as it is. */
export async function discardDraft({ db }: Pick<Services, "db">, caller: Caller, name: string): Promise<Outcome<null>> {
  const isThere = reachesWorkflow(caller, name) && (await removeDraft(db, caller.namespaceId, name));
  return isThere ? done(null) : refused("DRAFT_NOT_FOUND");
}
