"use client";
/** A modal: centred on wide screens, a sheet from below on phones. Focus stays inside and returns to where it was. */
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { texts } from "@/lib/client/texts";
import { classNames } from "./class-names";

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  wide,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** `widest`: room for a drawing. */
  wide?: boolean | "widest";
}) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-[rgb(10_10_14/0.4)] dark:bg-[rgb(0_0_0/0.6)]" />
        <Primitive.Content
          aria-describedby={description ? undefined : ""}
          className={classNames(
            "fixed z-50 flex max-h-[88dvh] flex-col bg-raised shadow-float focus:outline-none",
            "inset-x-0 bottom-0 animate-sheet-in rounded-t-lg sm:inset-auto sm:top-[12vh] sm:left-1/2 sm:w-full sm:-translate-x-1/2 sm:animate-fade sm:rounded-lg",
            wide ? "sm:max-w-[640px]" : "sm:max-w-[440px]",
            wide === "widest" && "sm:!top-[5vh] sm:!max-w-[min(1120px,calc(100vw-48px))]",
          )}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-4">
            <div className="min-w-0">
              <Primitive.Title className="text-base font-semibold">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-1 text-ink-2 text-sm">{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close
              aria-label={texts.common.close}
              className="-mr-2 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
            >
              <X aria-hidden size={15} />
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
