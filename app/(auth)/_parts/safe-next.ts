/** Where a link may send people after they signed in: paths of this site alone. */

/** It leads each to the first room that they may enter. */
const HOME = "/";
/** Any site: a path stays on it, and what is more than a path does not. */
const SITE = "https://site.invalid";

/** Read as a browser reads it, which leaves out tabs and line breaks and takes a backslash for a slash. */
export function safeNext(next: string | string[] | undefined): string {
  if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, SITE)) return HOME;
  return new URL(next, SITE).origin === SITE ? next : HOME;
}
