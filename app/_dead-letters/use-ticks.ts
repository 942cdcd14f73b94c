"use client";
/** Which rows of a list are ticked: one by one, from the last one to this one, or all that are loaded. */
import { useCallback, useRef, useState } from "react";

const NONE: ReadonlySet<string> = new Set();

export function useTicks(keys: readonly string[]) {
  const [ticked, setTicked] = useState(NONE);
  const last = useRef<string | null>(null);
  const onTick = useCallback(
    (key: string, isTicked: boolean, range: boolean) => {
      const from = range && last.current !== null ? keys.indexOf(last.current) : -1;
      const to = keys.indexOf(key);
      const meant = from === -1 ? [key] : keys.slice(Math.min(from, to), Math.max(from, to) + 1);
      last.current = key;
      setTicked((before) => {
        const after = new Set(before);
        for (const each of meant) {
          if (isTicked) after.add(each);
          else after.delete(each);
        }
        return after;
      });
    },
    [keys],
  );
  const onTickAll = useCallback((isTicked: boolean) => setTicked(isTicked ? new Set(keys) : NONE), [keys]);
  const clear = useCallback(() => setTicked(NONE), []);
  return { ticked, onTick, onTickAll, clear };
}
