"use client";
/** Short words about what was just done: they come at the bottom, stay for some seconds, and are read aloud. */
import { CircleCheck, CircleX, X } from "lucide-react";
import Link from "next/link";
import { Toast as Primitive } from "radix-ui";
import { useSyncExternalStore } from "react";
import { texts } from "@/lib/client/texts";
import { useIsDrawn } from "./is-drawn";

interface Said {
  id: number;
  kind: "done" | "failed" | "told";
  text: string;
  link: ToastLink | undefined;
}

/** Where what was done can be looked at. */
export interface ToastLink {
  name: string;
  href: string;
}

const STAYS_MS = 5_000;
const SHOWN_MAX = 3;

let said: readonly Said[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** Something was done, went wrong, or is worth knowing. May be called from anywhere in the browser. */
export const toast = {
  done: (text: string, link?: ToastLink) => say("done", text, link),
  failed: (text: string, link?: ToastLink) => say("failed", text, link),
  told: (text: string, link?: ToastLink) => say("told", text, link),
};

function say(kind: Said["kind"], text: string, link?: ToastLink): void {
  last += 1;
  change([...said, { id: last, kind, text, link }].slice(-SHOWN_MAX));
}

function change(next: readonly Said[]): void {
  said = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const NOTHING: readonly Said[] = [];

export function Toasts() {
  const shown = useSyncExternalStore(
    subscribe,
    () => said,
    () => NOTHING,
  );
  // Its viewport has inline styles, which no document of ours may bring along: scripts alone may set them.
  const isDrawn = useIsDrawn();
  if (!isDrawn) return null;
  return (
    <Primitive.Provider duration={STAYS_MS} label={texts.common.notice}>
      {shown.map(({ id, kind, text, link }) => (
        <Primitive.Root
          key={id}
          onOpenChange={(open) => {
            if (!open) change(said.filter((each) => each.id !== id));
          }}
          className="flex w-full animate-fade items-start gap-2.5 rounded-lg border bg-raised py-2.5 pr-2 pl-3 shadow-float"
        >
          {kind === "done" && (
            <CircleCheck aria-hidden size={16} data-status="completed" className="mt-0.5 shrink-0 text-tone" />
          )}
          {kind === "failed" && <CircleX aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />}
          <Primitive.Description className="min-w-0 flex-1 break-words text-ink">{text}</Primitive.Description>
          {link && (
            <Link
              prefetch={false}
              href={link.href}
              className="shrink-0 rounded-sm px-1 font-medium text-accent hover:underline"
            >
              {link.name}
            </Link>
          )}
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
