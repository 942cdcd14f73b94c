"use client";
/**
 * Keys of pages: a part registers its own while it is on screen, and the sheet behind `?` lists them. None acts while one
 * types or a dialog or menu is open; those with Ctrl or Cmd act while one types, for they are no letters.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";
import { type KeyGroup, KeyRegistry, type PageKey } from "./key-registry";

export type { PageKey } from "./key-registry";

const registry = new KeyRegistry();
const NONE: readonly KeyGroup[] = [];

/**
 * @param group the heading they stand under in the sheet
 * @param keys may be made anew at each draw: what runs is always the latest
 */
export function useKeys(group: string, keys: readonly PageKey[]): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const listed = JSON.stringify(keys.map((one) => [one.keys, one.name, one.run !== undefined]));
  useEffect(() => {
    const entries = (JSON.parse(listed) as [string, string, boolean][]).map(([names, name, runs], index) => ({
      keys: names,
      name,
      ...(runs && { run: () => latest.current[index]?.run?.() }),
    }));
    return registry.register({ group, keys: entries });
  }, [group, listed]);
}

/** All that is registered now. */
export function useKeyGroups(): readonly KeyGroup[] {
  return useSyncExternalStore(registry.subscribe, registry.groups, () => NONE);
}

/** Listens; to be used once, by the frame of the rooms. */
export function useKeyListener(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const mod = event.metaKey || event.ctrlKey;
      if (event.defaultPrevented || event.isComposing || event.altKey || isLayerOpen()) return;
      if (!mod && isTyping(event.target)) return;
      // With Caps Lock on, letters are capital without being meant so.
      const key = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
      const pressed = registry.press({ key, mod, at: event.timeStamp });
      if (!pressed) return;
      event.preventDefault();
      pressed.run?.();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

const TYPED_INTO =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TYPED_INTO) !== null;
}

/** Dialogs, popovers, menus and lists of choices: they have keys of their own. */
function isLayerOpen(): boolean {
  return document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null;
}
