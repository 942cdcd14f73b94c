/** Where a link may send people after they signed in: paths of this site alone. */

export function safeNext(next: string | string[] | undefined): string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/executions";
}
