"use client";
/** Whether scripts draw the page already: false on the server and for the first draw, which must equal the server's. */
import { useSyncExternalStore } from "react";

const never = () => () => {};

export function useIsDrawn(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
