/** The bar on top of a room: what it lies in, its name, and what can be done in it. */
import type { ReactNode } from "react";
import { Breadcrumbs, type Crumb } from "../_ui/breadcrumbs";

export function RoomHeader({
  title,
  trail = [],
  children,
}: {
  title: ReactNode;
  /** The rooms above a deep page, outermost first. */
  trail?: readonly Crumb[];
  children?: ReactNode;
}) {
  return (
    <header className="flex h-12 shrink-0 items-center justify-between gap-3 border-b px-4 md:h-[52px] md:px-6">
      <div className="flex min-w-0 items-center gap-1">
        {trail.length > 0 && <Breadcrumbs trail={trail} />}
        <h1 className="truncate text-base font-semibold">{title}</h1>
      </div>
      <div className="flex items-center gap-2">{children}</div>
    </header>
  );
}
