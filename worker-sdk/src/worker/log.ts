/** What a worker says about itself: trouble with the server, results that were refused. Never a step's own data. */

export type Log = (level: "info" | "warn" | "error", message: string, fields: Record<string, unknown>) => void;

/** Warnings and errors to the console; pass `log` to send them, and what else there is, elsewhere. */
export const consoleLog: Log = (level, message, fields) => {
  if (level === "info") return;
  const rest = Object.keys(fields).length === 0 ? [] : [fields];
  console[level](`[cerebelum] ${message}`, ...rest);
};
