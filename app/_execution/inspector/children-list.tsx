"use client";
/** The executions that this one's steps started, newest first, page by page. */
import Link from "next/link";
import { useChildren } from "@/lib/client/controls";
import { shortId } from "@/lib/client/format";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import { Button } from "../../_ui/button";
import { Failure } from "../../_ui/failure";
import { Skeleton } from "../../_ui/skeleton";
import { Status } from "../../_ui/status";
import { RelativeTime } from "../../_ui/time";
import { TabBody } from "./fact";

const words = inspectorTexts.children;

export function ChildrenList({ executionId }: { executionId: string }) {
  const children = useChildren(executionId, true);
  const items = children.data?.pages.flatMap((page) => page.items);
  if (children.isError && !items) return <Failure error={children.error} onRetry={() => children.refetch()} />;
  return (
    <TabBody label={words.label}>
      {items?.length === 0 && <p className="text-xs text-ink-3">{words.none}</p>}
      <ul className="-mx-2 flex flex-col">
        {items
          ? items.map(({ id, key, workflow, status, createdAt }) => (
              <li key={id}>
                <Link
                  prefetch={false}
                  href={`/executions/${id}`}
                  className="flex items-center gap-3 rounded-sm px-2 py-1.5 text-xs focus-inset hover:bg-hover"
                >
                  <span className="flex min-w-0 flex-1 flex-col">
                    <span className="truncate font-medium">{workflow}</span>
                    <span title={id} className="truncate font-mono text-2xs text-ink-3">
                      {key ?? shortId(id)}
                    </span>
                  </span>
                  <span className="flex shrink-0 flex-col items-end">
                    <Status status={status} />
                    <RelativeTime at={createdAt} className="text-2xs text-ink-3" />
                  </span>
                </Link>
              </li>
            ))
          : [0, 1, 2].map((row) => <Skeleton key={row} className="mx-2 my-1.5 h-9" />)}
      </ul>
      {children.hasNextPage && (
        <Button size="sm" busy={children.isFetchingNextPage} onClick={() => children.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </TabBody>
  );
}
