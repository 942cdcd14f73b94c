"use client";
/** What goes on around every room: it follows changes, hears keys, keeps the focus, and holds what lies over the page. */
import { usePathname, useRouter } from "next/navigation";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useFollowChanges } from "@/lib/client/changes";
import { shellTexts } from "@/lib/client/texts/shell";
import { useKeyListener, useKeys } from "./keys";
import { useRooms } from "./open-rooms";
import { show, useOverlay } from "./overlays";
import { loadPalette } from "./palette-button";
import { useKeepRecent } from "./recent";

const Palette = lazy(loadPalette);
const KeySheet = lazy(() => import("./key-sheet"));
const StartDialog = lazy(() =>
  import("../_executions/start-dialog").then((module) => ({ default: module.StartDialog })),
);

const words = shellTexts.keys;

export function PageLife() {
  useFollowChanges();
  useKeyListener();
  useKeepRecent();
  useFocusAfterNavigation();
  useFrameKeys();
  const overlay = useOverlay();
  const close = () => show(null);
  return (
    <Suspense>
      {overlay?.name === "palette" && <Palette onClose={close} />}
      {overlay?.name === "keys" && <KeySheet onClose={close} />}
      {overlay?.name === "start" && (
        <StartDialog open onOpenChange={(open) => !open && close()} workflow={overlay.workflow} />
      )}
    </Suspense>
  );
}

function useFrameKeys(): void {
  const router = useRouter();
  useKeys(
    words.goTo,
    useRooms().map(({ href, name, key }) => ({ keys: `g ${key}`, name, run: () => router.push(href) })),
  );
  useKeys(words.everywhere, [
    { keys: "mod+k", name: words.palette, run: () => show({ name: "palette" }) },
    { keys: "?", name: words.show, run: () => show({ name: "keys" }) },
  ]);
}

/** Whoever went to another page by a link goes on in it, and not in the link or at the document's beginning. */
function useFocusAfterNavigation(): void {
  const path = usePathname();
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    const main = document.getElementById("content");
    // A page that took the focus for a field of its own keeps it.
    if (main === null || main.contains(document.activeElement)) return;
    main.focus({ preventScroll: true });
  }, [path]);
}
