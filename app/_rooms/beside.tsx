"use client";
/** A list with what is chosen in it beside it: a panel on wide screens, a sheet on narrow ones. */
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { texts } from "@/lib/client/texts";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { useMedia } from "../_ui/media";
import { ScrollArea } from "../_ui/scroll-area";

const PANEL = "(min-width: 1100px)";

export function Beside({
  title,
  label,
  isOpen,
  onClose,
  panel,
  children,
}: {
  /** Of what is chosen. */
  title: string;
  /** Of the panel as a part of the page. */
  label: string;
  isOpen: boolean;
  onClose: () => void;
  panel: ReactNode;
  /** The list. */
  children: ReactNode;
}) {
  const beside = useMedia(PANEL);
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">{children}</div>
      {beside && isOpen && (
        <aside aria-label={label} className="flex w-[420px] shrink-0 flex-col border-l">
          <div className="flex h-10 shrink-0 items-center justify-between gap-2 border-b pr-2 pl-4">
            <h2 className="min-w-0 truncate text-xs font-medium">{title}</h2>
            <Button variant="ghost" size="sm" aria-label={texts.common.close} onClick={onClose} className="px-1.5">
              <X aria-hidden size={14} />
            </Button>
          </div>
          <ScrollArea label={title}>{panel}</ScrollArea>
        </aside>
      )}
      {!beside && (
        <Dialog open={isOpen} onOpenChange={(open) => !open && onClose()} title={title} wide>
          <div className="min-h-0 overflow-y-auto pb-4">{panel}</div>
        </Dialog>
      )}
    </div>
  );
}
