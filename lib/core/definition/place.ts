/** Where a finding points, whose it is, and how it is made. */
import type { Finding } from "../../contract/findings";

export interface Place {
  /** JSON pointer into the definition. */
  readonly path: string;
  readonly node?: string;
}

export function at(place: Place, suffix: string): Place {
  return { ...place, path: place.path + suffix };
}

export function error(code: string, place: Place, message: string): Finding {
  return { code, severity: "error", ...place, message };
}

export function warning(code: string, place: Place, message: string): Finding {
  return { code, severity: "warning", ...place, message };
}
