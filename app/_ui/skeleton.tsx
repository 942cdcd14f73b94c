/** A placeholder in the size of what comes, so that nothing moves when it does. */
import { classNames } from "./class-names";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classNames("block animate-breathe rounded-sm bg-active", className)} />;
}
