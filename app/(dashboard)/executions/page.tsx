/** The executions list; its first page comes with the document. */
import type { Metadata } from "next";
import { Suspense } from "react";
import type { User } from "@/lib/auth/principal";
import { EXECUTIONS_PAGE, readFilters } from "@/lib/client/execution-filters";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import { firstExecutions } from "@/lib/http/page-data";
import { ExecutionsRoom, type InitialExecutions } from "../../_executions/executions-room";
import { pathWith, requireUser, type Search } from "../../_shell/signed-in";

export const metadata: Metadata = { title: texts.executions.title };

interface Props {
  searchParams: Promise<Search>;
}

export default async function ExecutionsPage({ searchParams }: Props) {
  const search = await searchParams;
  const user = await requireUser(pathWith("/executions", search));
  return (
    <Suspense>
      <ExecutionsRoom initial={await initialExecutions(user, search)} />
    </Suspense>
  );
}

/** Null where the filters are not plainly valid, or the database fails: the page then asks the API, which says what is wrong. */
async function initialExecutions(user: User, search: Search): Promise<InitialExecutions | null> {
  const filters = readFilters((name) => (typeof search[name] === "string" ? search[name] : null));
  const status = EXECUTION_STATUSES.find((known) => known === filters.status);
  if (filters.status && !status) return null;
  const { workflow, tag, q } = filters;
  const statuses = status && [status];
  const page = await firstExecutions(user, { workflow, tag, q, status: statuses }, EXECUTIONS_PAGE).catch(() => null);
  return page && { filters, page };
}
