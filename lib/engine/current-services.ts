/**
 * The process's services, for code that Next.js bundles: it has copies of its own of every module, and only `globalThis` is
 * one for all of them.
 */
import type { Services } from "./services";

const KEY = Symbol.for("cerebelum.services");
const holder = globalThis as { [KEY]?: Services };

/** Throws where the server has not set them: a page was rendered outside of it. */
export function currentServices(): Services {
  const services = holder[KEY];
  if (services === undefined)
    throw new Error("the services are not built: start the server with `npm start` or `npm run dev`");
  return services;
}

/** Called once by the server, before it serves; with null after they are closed. */
export function setCurrentServices(services: Services | null): void {
  if (services === null) delete holder[KEY];
  else holder[KEY] = services;
}
