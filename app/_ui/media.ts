"use client";
/** Whether a media query holds. The server does not know, and draws for `onServer`. */
import { useSyncExternalStore } from "react";

export function useMedia(query: string, onServer = false): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
    () => onServer,
  );
}

/** From this width on there is room for tables and side panels (Tailwind's md). */
export const WIDE = "(min-width: 768px)";
