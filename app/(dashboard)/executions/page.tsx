/** The executions list; its first page comes with the document. */
import type { Metadata } from "next";
import { Suspense } from "react";
import type { User } from "@/lib/auth/principal";
import { askedNow, EXECUTIONS_PAGE, needsReadersDay, readFilters } from "@/lib/client/execution-filters";
import { texts } from "@/lib/client/texts";
import { executionFilterSchema } from "@/lib/contract/executions";
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
  if (needsReadersDay(filters)) return null;
  const asked = executionFilterSchema.safeParse(askedNow(filters, Date.now()));
  if (!asked.success) return null;
  const page = await firstExecutions(user, asked.data, EXECUTIONS_PAGE).catch(() => null);
  return page && { filters, page };
}
