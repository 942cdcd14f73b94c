/** Light, dark or the system's: kept in the browser, set on <html data-theme> before the first paint. */

export type ThemeChoice = "light" | "dark" | "system";

const KEY = "cerebelum-theme";

/**
 * Runs in the document's head. A browser without storage gets the system's theme. Libraries that write a style sheet of their
 * own look for the nonce where the last statement leaves it.
 */
export const THEME_SCRIPT = `(function(){var c=null;try{c=localStorage.getItem("${KEY}")}catch(e){}
var d=c==="dark"||(c!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.dataset.theme=d?"dark":"light";
window.__webpack_nonce__=document.currentScript.nonce})()`;

const listeners = new Set<() => void>();

export function readTheme(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

export function writeTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Without storage the choice holds until the page is left.
  }
  apply(choice);
  for (const listener of listeners) listener();
}

/** Tells of each change, the system's included while it is followed. */
export function subscribeTheme(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    apply(readTheme());
    listener();
  };
  listeners.add(listener);
  system.addEventListener("change", follow);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", follow);
  };
}

function apply(choice: ThemeChoice): void {
  const dark = choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
