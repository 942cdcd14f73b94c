"use client";
/** The way from room to room: a list in the sidebar; on phones a bar whose last button opens the rest. */
import { Ellipsis } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { lazy, useState } from "react";
import { texts } from "@/lib/client/texts";
import { classNames } from "../_ui/class-names";
import { OnDemand } from "../_ui/on-demand";
import { AttentionBadge, useAttention } from "./attention";
import { useRooms } from "./open-rooms";

const loadMore = () => import("./more-rooms");
const MoreRooms = lazy(loadMore);

const isOpen = (path: string, href: string) => path === href || path.startsWith(`${href}/`);

export function NavLinks() {
  const path = usePathname();
  const attention = useAttention();
  return useRooms().map(({ href, name, icon: Icon }) => {
    const open = isOpen(path, href);
    return (
      <Link
        prefetch={false}
        key={href}
        href={href}
        aria-current={open ? "page" : undefined}
        className={classNames(
          "flex h-8 items-center gap-2.5 rounded-md px-2 font-medium transition-colors focus-inset",
          open ? "bg-active text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
        )}
      >
        <Icon aria-hidden size={16} strokeWidth={1.75} className={open ? "text-ink" : "text-ink-3"} />
        {name}
        <AttentionBadge shown={attention[href]} />
      </Link>
    );
  });
}

const barClass =
  "relative flex flex-1 flex-col items-center justify-center gap-0.5 text-2xs transition-colors focus-inset";

export function NavBar() {
  const path = usePathname();
  const attention = useAttention();
  const rooms = useRooms();
  const rest = rooms.filter(({ isFirst }) => !isFirst);
  const restOpen = rest.some(({ href }) => isOpen(path, href));
  const [isMoreWanted, setMoreWanted] = useState(false);
  const more = (
    <button type="button" className={classNames(barClass, restOpen ? "text-ink" : "text-ink-2")}>
      <Ellipsis aria-hidden size={18} strokeWidth={1.75} className={restOpen ? "text-ink" : "text-ink-3"} />
      {texts.nav.more}
    </button>
  );
  return (
    <>
      {rooms
        .filter(({ isFirst }) => isFirst)
        .map(({ href, name, icon: Icon }) => (
          <Link
            prefetch={false}
            key={href}
            href={href}
            aria-current={isOpen(path, href) ? "page" : undefined}
            className={classNames(barClass, isOpen(path, href) ? "text-ink" : "text-ink-2")}
          >
            <Icon aria-hidden size={18} strokeWidth={1.75} className={isOpen(path, href) ? "text-ink" : "text-ink-3"} />
            {name}
            <AttentionBadge shown={attention[href]} inCorner />
          </Link>
        ))}
      <OnDemand
        trigger={more}
        opens="menu"
        isWanted={isMoreWanted}
        onWanted={() => setMoreWanted(true)}
        load={loadMore}
      >
        <MoreRooms trigger={more} rooms={rest.map((room) => ({ ...room, isOpen: isOpen(path, room.href) }))} />
      </OnDemand>
    </>
  );
}
