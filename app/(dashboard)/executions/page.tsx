/** The executions list; its first page comes with the document. */
import type { Metadata } from "next";
import { headers } from "next/headers";
import { Suspense } from "react";
import { currentUser } from "@/lib/auth/session";
import { EXECUTIONS_PAGE, readFilters } from "@/lib/client/execution-filters";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import { firstExecutions } from "@/lib/http/page-data";
import { ExecutionsRoom, type InitialExecutions } from "../../_executions/executions-room";

export const metadata: Metadata = { title: texts.executions.title };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ExecutionsPage({ searchParams }: Props) {
  return (
    <Suspense>
      <ExecutionsRoom initial={await initialExecutions(await searchParams)} />
    </Suspense>
  );
}

/** Null where the filters are not plainly valid, or the database fails: the page then asks the API, which says what is wrong. */
async function initialExecutions(search: Awaited<Props["searchParams"]>): Promise<InitialExecutions | null> {
  const filters = readFilters((name) => (typeof search[name] === "string" ? search[name] : null));
  const status = EXECUTION_STATUSES.find((known) => known === filters.status);
  if (filters.status && !status) return null;
  const { workflow, tag, q } = filters;
  const user = await currentUser(await headers());
  if (!user) return null;
  const statuses = status && [status];
  const page = await firstExecutions(user, { workflow, tag, q, statuses }, EXECUTIONS_PAGE).catch(() => null);
  return page && { filters, page };
}
