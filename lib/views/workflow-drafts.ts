/** Drafts, as the API shows them; where none was saved, or nothing is new in it, the latest version as one that could be. */
import type { Queryable } from "@/db/client";
import { allRows, firstRow } from "@/db/queries/query";
import { type DraftItemRow, type DraftListRow, draftByName, draftsPage } from "@/db/queries/workflow-drafts";
import { workflowDetail } from "@/db/queries/workflows";
import type { Draft, DraftItem } from "@/lib/contract/drafts";
import { nameCursor, type Page, pageOf } from "@/lib/views/page";
import type { Workflows } from "@/lib/views/reach";
import { readWorkflowVersion } from "@/lib/views/workflows";

/** Null: there is neither a draft nor a workflow of that name. */
export async function readDraft(reads: Queryable, namespaceId: number, name: string): Promise<Draft | null> {
  const row = await firstRow(reads, draftByName(namespaceId, name));
  if (row === null) return ofLatest(reads, namespaceId, name);
  // Whoever changed nothing goes on from what was published since: an edit of an old version would undo that unseen.
  if (!row.isChanged && row.latestVersion !== null && row.latestVersion !== row.baseVersion) {
    const latest = await ofLatest(reads, namespaceId, name);
    if (latest !== null) return { ...savedDraft(row), ...ofVersion(latest), layout: JSON.parse(row.layout) };
  }
  return { ...savedDraft(row), definition: JSON.parse(row.definition), layout: JSON.parse(row.layout) };
}

const ofVersion = ({ definition, baseVersion }: Draft) => ({ definition, baseVersion });

async function ofLatest(reads: Queryable, namespaceId: number, name: string): Promise<Draft | null> {
  const workflow = await firstRow(reads, workflowDetail(namespaceId, name));
  const version = workflow && (await readWorkflowVersion(reads, namespaceId, name, workflow.version));
  if (version === null) return null;
  return {
    workflow: name,
    definition: version.definition,
    layout: {},
    baseVersion: version.version,
    revision: 0,
    updatedAt: null,
    updatedBy: null,
  };
}

export async function listDrafts(
  reads: Queryable,
  namespaceId: number,
  { after, limit }: { after: string; limit: number },
  workflows: Workflows,
): Promise<Page<DraftItem>> {
  const rows = await allRows(reads, draftsPage(namespaceId, after, limit + 1, workflows ?? null));
  return pageOf(rows, limit, draftItem, (last) => nameCursor(last.name));
}

function draftItem({ isChanged, latestVersion, ...row }: DraftListRow): DraftItem {
  return { ...savedDraft(row), isChanged, latestVersion };
}

function savedDraft({ name, baseVersion, revision, updatedAt, updatedBy }: DraftItemRow) {
  return { workflow: name, baseVersion, revision, updatedAt: updatedAt.toISOString(), updatedBy };
}
