"use client";
/** The words themselves, as they come and go; loaded with the first of them. */
import { CircleCheck, CircleX, X } from "lucide-react";
import Link from "next/link";
import { Toast as Primitive } from "radix-ui";
import { texts } from "@/lib/client/texts";
import type { Said } from "./toasts-said";

const STAYS_MS = 5_000;

export default function ToastLayer({ shown, onGone }: { shown: readonly Said[]; onGone: (id: number) => void }) {
  return (
    <Primitive.Provider duration={STAYS_MS} label={texts.common.notice}>
      {shown.map(({ id, kind, text, links }) => (
        <Primitive.Root
          key={id}
          onOpenChange={(open) => {
            if (!open) onGone(id);
          }}
          className="flex w-full animate-fade items-start gap-2.5 rounded-lg border bg-raised py-2.5 pr-2 pl-3 shadow-float"
        >
          {kind === "done" && (
            <CircleCheck aria-hidden size={16} data-status="completed" className="mt-0.5 shrink-0 text-tone" />
          )}
          {kind === "failed" && <CircleX aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />}
          <Primitive.Description className="min-w-0 flex-1 break-words text-ink">{text}</Primitive.Description>
          {links.map((link) => (
            <Link
              key={link.href}
              prefetch={false}
              href={link.href}
              className="shrink-0 rounded-sm px-1 font-medium text-accent hover:underline"
            >
              {link.name}
            </Link>
          ))}
          <Primitive.Close
            aria-label={texts.common.close}
            className="inline-flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X aria-hidden size={13} />
          </Primitive.Close>
        </Primitive.Root>
      ))}
      <Primitive.Viewport className="fixed right-4 bottom-18 z-[60] flex w-[min(360px,calc(100vw-32px))] flex-col gap-2 outline-none md:bottom-4" />
    </Primitive.Provider>
  );
}
