/** What was just said, the newest last; may be told and heard from anywhere in the browser. */

export interface Said {
  id: number;
  kind: "done" | "failed" | "told";
  text: string;
  links: readonly ToastLink[];
}

/** Where what was done can be looked at. */
export interface ToastLink {
  name: string;
  href: string;
}

const SHOWN_MAX = 3;

let said: readonly Said[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** Something was done, went wrong, or is worth knowing. May be called from anywhere in the browser. */
export const toast = {
  done: (text: string, ...links: ToastLink[]) => say("done", text, links),
  failed: (text: string, ...links: ToastLink[]) => say("failed", text, links),
  told: (text: string, ...links: ToastLink[]) => say("told", text, links),
};

function say(kind: Said["kind"], text: string, links: readonly ToastLink[]): void {
  last += 1;
  change([...said, { id: last, kind, text, links }].slice(-SHOWN_MAX));
}

function change(next: readonly Said[]): void {
  said = next;
  for (const listener of listeners) listener();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is on screen now. */
export const allSaid = (): readonly Said[] => said;

export function takeBack(id: number): void {
  change(said.filter((each) => each.id !== id));
}
