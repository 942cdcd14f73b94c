"use client";
/** Whether a media query holds; false on the server, where nobody knows. */
import { useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

/** From this width on there is room for tables and side panels (Tailwind's md). */
export const WIDE = "(min-width: 768px)";
