"use client";
/** A function that stays the same while what it does changes: rows that get it need not be drawn anew. */
import { useCallback, useEffect, useRef } from "react";

export function useLatest<Given extends unknown[]>(act: (...given: Given) => void): (...given: Given) => void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  return useCallback((...given: Given) => latest.current(...given), []);
}
