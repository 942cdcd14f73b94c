/** The execution page's geometry before its data is known. */
import { texts } from "@/lib/client/texts";
import { Skeleton } from "../_ui/skeleton";

export function HeaderSkeleton() {
  return (
    <div role="status" aria-label={texts.common.loading} className="shrink-0 border-b">
      <div className="flex h-12 items-center gap-3 px-4 md:h-[52px] md:px-6">
        <Skeleton className="h-4 w-48" />
        <Skeleton className="h-5 w-20" />
      </div>
      <div className="flex h-[60px] items-start gap-8 px-4 md:px-6">
        <Skeleton className="h-9 w-28" />
        <Skeleton className="h-9 w-24" />
        <Skeleton className="hidden h-9 w-24 sm:block" />
        <Skeleton className="hidden h-9 w-32 sm:block" />
      </div>
      <div className="flex h-11 items-center border-t px-4 md:px-6">
        <Skeleton className="h-4 w-2/5" />
      </div>
    </div>
  );
}

/** Names of classes, since a document brings no inline styles. */
const ROWS = ["w-9/25", "ml-[6%] w-1/5", "ml-[12%] w-7/25", "ml-[18%] w-3/25", "ml-[24%] w-8/25", "ml-[30%] w-4/25"];

export function ViewSkeleton() {
  return (
    <div aria-hidden className="flex flex-1 flex-col gap-3 px-4 py-4 md:px-6">
      {ROWS.map((place) => (
        <div key={place} className="flex h-5 items-center gap-6">
          <Skeleton className="h-3.5 w-32 shrink-0" />
          <div className="min-w-0 flex-1">
            <div className={place}>
              <Skeleton className="h-3" />
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
