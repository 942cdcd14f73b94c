// @ts-check
// Exits with 0 if the server of this machine serves, with 1 otherwise: for a container's health check, which has no curl.
const host = process.env.HOST || "127.0.0.1";
const reachable = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
const name = reachable.includes(":") ? `[${reachable}]` : reachable;
try {
  const { status } = await fetch(`http://${name}:${process.env.PORT || 3000}/readyz`, {
    signal: AbortSignal.timeout(4_000),
  });
  process.exit(status === 200 ? 0 : 1);
} catch {
  process.exit(1);
}
