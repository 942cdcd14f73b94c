/** Traces where they are asked for; where they are not, nothing of OpenTelemetry is loaded. */
import type { Log } from "@/lib/log";
import type { Traces } from "./traces";

/** Null where nobody is to be sent any. */
export async function openTraces(otlpUrl: string | null, log: Log): Promise<Traces | null> {
  if (otlpUrl === null) return null;
  const { OtlpTraces } = await import("./otlp-traces");
  return new OtlpTraces(otlpUrl, log);
}
