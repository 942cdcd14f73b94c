// The text format of Prometheus, read as far as tests need it.

/** The value of the first sample of that name with these labels; undefined: there is none. */
export function samples(text: string): (name: string, labels?: Record<string, string>) => number | undefined {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return (name, labels = {}) => {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const found = lines.find((line) => /^[^{ ]+/.exec(line)?.[0] === name && wanted.every((it) => line.includes(it)));
    return found === undefined ? undefined : Number(found.slice(found.lastIndexOf(" ") + 1));
  };
}

/** Names of metrics as they are declared: of a histogram without `_bucket`, `_sum` and `_count`. */
export function metricNames(text: string): Set<string> {
  return new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = ""]) => name));
}

/** Names that a query in PromQL names: what is followed by labels, a range, an operator or the end, and is no function. */
export function namesIn(promql: string): Set<string> {
  const bare = promql.replace(/"[^"]*"/g, "").replace(/\{[^}]*\}/g, "");
  const named = bare.match(/\b(?:cerebelum|nodejs|process)_\w+/g) ?? [];
  return new Set(named.map((name) => name.replace(/_(?:bucket|sum|count)$/, "")));
}
