/** The filters of the executions list as they stand in the URL; for page and server alike. */

export const FILTER_NAMES = ["status", "workflow", "tag", "q"] as const;
export type ExecutionFilters = { [name in (typeof FILTER_NAMES)[number]]?: string };

/** How many executions a page of the list has. */
export const EXECUTIONS_PAGE = 50;

/** Only those that are given, in one order, so that the same filters are the same key of the cache. */
export function readFilters(get: (name: (typeof FILTER_NAMES)[number]) => string | null | undefined): ExecutionFilters {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = get(name);
      return value ? [[name, value]] : [];
    }),
  );
}
