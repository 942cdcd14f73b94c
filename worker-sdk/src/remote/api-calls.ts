/** What the parts of the client ask with, and how they write what they ask. */

/** Each call throws what the server refuses. */
export interface ApiCalls {
  read<T>(path: string): Promise<T>;
  post<T>(path: string, body: object, idempotencyKey?: string): Promise<T>;
  put<T>(path: string, body: object): Promise<T>;
  patch<T>(path: string, body: object): Promise<T>;
  remove(path: string): Promise<void>;
}

/** One part of a path. */
export function segment(id: string): string {
  return encodeURIComponent(id).replaceAll("%3A", ":");
}

/** With its question mark; nothing where nothing is asked. Lists are sent with commas between their members. */
export function query(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
