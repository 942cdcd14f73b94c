/** The running server's parts, for code that Next.js bundles: it has copies of its own of all modules, but one globalThis. */
import type { Instance } from "@/lib/http/instance";

const KEY = Symbol.for("cerebelum.instance");
const holder = globalThis as { [KEY]?: Instance };

/** Called once by the server, before it serves. */
export function setCurrentInstance(instance: Instance): void {
  holder[KEY] = instance;
}

/** Throws where a page is rendered outside of the server. */
export function currentInstance(): Instance {
  const instance = holder[KEY];
  if (instance === undefined) throw new Error("there is no server: start it with `npm start` or `npm run dev`");
  return instance;
}
