/** Workflows as the room lists them: what is published, with the draft that has something new, and drafts never published; by name. */
import type { DraftItem } from "@/lib/contract/drafts";
import type { Workflow } from "@/lib/contract/workflows";

export interface ListedWorkflow {
  readonly name: string;
  /** Null: only drawn so far. */
  readonly published: Workflow | null;
  /** Null: none, or it says what is published. */
  readonly draft: DraftItem | null;
}

export function listedOf(workflows: readonly Workflow[], drafts: readonly DraftItem[]): ListedWorkflow[] {
  const news = new Map(drafts.filter(({ isChanged }) => isChanged).map((draft) => [draft.workflow, draft]));
  const published = workflows.map((workflow) => ({
    name: workflow.name,
    published: workflow,
    draft: news.get(workflow.name) ?? null,
  }));
  // Of an archived workflow there is a latest version, and it is not listed: its draft is not, either.
  const drawn = [...news.values()]
    .filter(({ latestVersion }) => latestVersion === null)
    .map((draft) => ({ name: draft.workflow, published: null, draft }));
  return [...published, ...drawn].sort((a, b) => (a.name < b.name ? -1 : 1));
}
