/** The page that a portable file is: reads the data that stands behind it in the same document, and shows it. */
import { Moon, Sun } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { portableTexts } from "@/lib/client/texts/portable";
import { useKeyListener } from "../../_shell/keys";
import { Button } from "../../_ui/button";
import { Toasts } from "../../_ui/toast";
import { FileView } from "../file-view";
import { NotAHistory, type OpenedFile, openDocument } from "../history-file";
import { applyTheme, darkSystem, shownTheme, toggleTheme } from "./apply-theme";

const words = portableTexts.viewer;

function Viewer() {
  useKeyListener();
  const [opened, setOpened] = useState<OpenedFile | NotAHistory | null>(null);
  useEffect(() => {
    openDocument(document).then(setOpened, (error: unknown) =>
      setOpened(error instanceof NotAHistory ? error : new NotAHistory(portableTexts.refusals.cut)),
    );
  }, []);
  useEffect(() => {
    if (opened !== null && !(opened instanceof NotAHistory))
      document.title = `${opened.history.execution.id} · ${words.product}`;
  }, [opened]);
  if (opened === null)
    return (
      <main className="flex h-dvh items-center justify-center text-ink-3">
        <p role="status">{words.opening}</p>
      </main>
    );
  if (opened instanceof NotAHistory)
    return (
      <main className="flex h-dvh flex-col items-center justify-center gap-2 px-6 text-center">
        <h1 className="text-base font-semibold">{words.failed}</h1>
        <p className="text-ink-2">{opened.message}</p>
      </main>
    );
  return (
    <main className="flex h-dvh flex-col">
      <FileView file={opened} known={NO_KEYS} name={null}>
        <ThemeButton />
      </FileView>
    </main>
  );
}

/** A file knows no keys but its own. */
const NO_KEYS: readonly string[] = [];

function ThemeButton() {
  const theme = useSyncExternalStore(subscribeTheme, shownTheme);
  return (
    <Button size="sm" variant="ghost" aria-label={words.theme} onClick={toggleTheme}>
      {theme === "dark" ? <Sun aria-hidden size={14} /> : <Moon aria-hidden size={14} />}
      <span className="max-md:sr-only">{theme === "dark" ? words.light : words.dark}</span>
    </Button>
  );
}

/** The document says which theme it has. */
function subscribeTheme(listener: () => void): () => void {
  const watch = new MutationObserver(listener);
  watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => watch.disconnect();
}

/** Libraries that write a style sheet of their own look for the nonce there. */
Object.assign(window, { __webpack_nonce__: document.querySelector("style")?.nonce });

document.addEventListener("DOMContentLoaded", () => {
  darkSystem.addEventListener("change", applyTheme);
  const root = document.getElementById("viewer");
  if (root === null) throw new Error("the document has no place for the viewer");
  createRoot(root).render(
    <>
      <Viewer />
      <Toasts />
    </>,
  );
});
