/** Workflows and their versions, as the API shows them. */

import type { Queryable } from "@/db/client";
import { allRows, firstRow } from "@/db/queries/query";
import {
  type WorkflowListRow,
  workflowDetail,
  workflowsPage,
  workflowVersion,
  workflowVersions,
} from "@/db/queries/workflows";
import type { Workflow, WorkflowDetail, WorkflowVersion } from "@/lib/contract/workflows";
import { nameCursor, type Page, pageOf } from "@/lib/views/page";
import type { Workflows } from "@/lib/views/reach";

export async function listWorkflows(
  reads: Queryable,
  namespaceId: number,
  page: { after: string; limit: number },
  workflows?: Workflows,
): Promise<Page<Workflow>> {
  const rows = await allRows(reads, workflowsPage(namespaceId, page.after, page.limit + 1, workflows ?? null));
  return pageOf(rows, page.limit, workflowItem, (last) => nameCursor(last.name));
}

export async function readWorkflow(
  reads: Queryable,
  namespaceId: number,
  name: string,
): Promise<WorkflowDetail | null> {
  const [row, versions] = await Promise.all([
    firstRow(reads, workflowDetail(namespaceId, name)),
    allRows(reads, workflowVersions(namespaceId, name)),
  ]);
  if (row === null) return null;
  const published = versions.map(({ version, hash, published_at, published_by, note }) => ({
    version,
    hash,
    publishedAt: published_at.toISOString(),
    publishedBy: published_by,
    note,
  }));
  return { ...workflowItem(row), versions: published };
}

export async function readWorkflowVersion(
  reads: Queryable,
  namespaceId: number,
  name: string,
  version: number,
): Promise<WorkflowVersion | null> {
  const row = await firstRow(reads, workflowVersion(namespaceId, name, version));
  return (
    row && {
      name: row.name,
      version: row.version,
      hash: row.hash,
      definition: JSON.parse(row.definition),
      publishedAt: row.published_at.toISOString(),
      publishedBy: row.published_by,
      note: row.note,
    }
  );
}

function workflowItem(row: WorkflowListRow): Workflow {
  return {
    name: row.name,
    description: row.description,
    version: row.version,
    hash: row.hash,
    publishedAt: row.published_at.toISOString(),
    publishedBy: row.published_by,
    counts: row.counts,
  };
}
