/** Finds the route of a path segment by segment: the time it takes depends on the path's length, not on how many routes there are. */
import { isStorableText } from "@/lib/contract/json";
import type { Method, Route } from "@/lib/http/route";

interface Place {
  literal: Map<string, Place>;
  /** The place behind a parameter, which matches any one segment. */
  parameter: Place | null;
  routes: Map<Method, { route: Route; names: string[] }>;
}

export type Match =
  | { kind: "found"; route: Route; params: Record<string, string> }
  | { kind: "wrong-method"; allow: string }
  | { kind: "unknown" };

const UNKNOWN: Match = { kind: "unknown" };

export class Router {
  readonly #root = place();

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#add(route);
  }

  /** @param path as sent: segments are decoded one by one, so that an encoded slash stays inside its segment */
  match(method: string, path: string): Match {
    const values: string[] = [];
    let at = this.#root;
    for (const segment of path.split("/")) {
      const literal = at.literal.get(segment);
      if (literal !== undefined) at = literal;
      else if (at.parameter !== null && segment !== "") {
        at = at.parameter;
        values.push(segment);
      } else return UNKNOWN;
    }
    if (at.routes.size === 0) return UNKNOWN;
    const found = at.routes.get((method === "HEAD" ? "GET" : method) as Method);
    if (found === undefined) return { kind: "wrong-method", allow: [...at.routes.keys()].join(", ") };
    const params = decodeAll(found.names, values);
    return params === null ? UNKNOWN : { kind: "found", route: found.route, params };
  }

  #add(route: Route): void {
    const names: string[] = [];
    let at = this.#root;
    for (const segment of route.path.split("/")) {
      if (segment.startsWith("{")) {
        names.push(segment.slice(1, -1));
        at.parameter ??= place();
        at = at.parameter;
      } else {
        const next = at.literal.get(segment) ?? place();
        at.literal.set(segment, next);
        at = next;
      }
    }
    if (at.routes.has(route.method)) throw new Error(`${route.method} ${route.path} is declared twice`);
    at.routes.set(route.method, { route, names });
  }
}

function place(): Place {
  return { literal: new Map(), parameter: null, routes: new Map() };
}

function decodeAll(names: string[], values: string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  try {
    for (const [i, name] of names.entries()) {
      const value = decodeURIComponent(values[i] ?? "");
      // Nothing can have such a name, and no query may be given it.
      if (!isStorableText(value)) return null;
      params[name] = value;
    }
  } catch {
    return null;
  }
  return params;
}
