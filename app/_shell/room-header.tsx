/** The bar on top of a room: its name, and what can be done in it. */
import type { ReactNode } from "react";

export function RoomHeader({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <header className="flex h-12 shrink-0 items-center justify-between gap-3 border-b px-4 md:h-[52px] md:px-6">
      <h1 className="truncate text-base font-semibold">{title}</h1>
      <div className="flex items-center gap-2">{children}</div>
    </header>
  );
}
