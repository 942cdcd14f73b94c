"use client";
/** A value that has stopped changing for a moment: so that a plan is not asked for with every key. */
import { useEffect, useState } from "react";

const SETTLES_MS = 300;

/** The very object given, once its contents have stood still; before that the one that had. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  const isSame = JSON.stringify(settled) === text;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the contents decide, not the object
  useEffect(() => {
    if (isSame) return;
    const timer = setTimeout(() => setSettled(value), SETTLES_MS);
    return () => clearTimeout(timer);
  }, [text, isSame]);
  return isSame ? value : settled;
}
