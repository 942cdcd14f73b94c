/** Which workflows a list may tell of: a caller who is limited to some hears of no other. */

/** Null or absent: all of them. */
export type Workflows = readonly string[] | null | undefined;

export function reaches(workflows: Workflows, workflow: string): boolean {
  return workflows?.includes(workflow) ?? true;
}

/** What was asked for, within those workflows; null where that can be nothing. */
export function within<Filter extends { workflow?: string }>(
  filter: Filter,
  workflows: Workflows,
): (Filter & { workflows?: readonly string[] }) | null {
  if (workflows == null) return filter;
  if (filter.workflow === undefined) return { ...filter, workflows };
  return workflows.includes(filter.workflow) ? filter : null;
}
