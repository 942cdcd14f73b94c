// Engine processes as a test sees them: real services on a real database, and a worker that needs no protocol.
import { pino } from "pino";
import type { Definition } from "@/lib/contract/definition";
import type { StartExecution } from "@/lib/contract/executions";
import { decodeId } from "@/lib/contract/ids";
import type { Caller } from "@/lib/engine/caller";
import type { Outcome } from "@/lib/engine/outcome";
import { publishWorkflow } from "@/lib/engine/publish-workflow";
import { createServices, type Services, type ServicesOptions } from "@/lib/engine/services";
import { startExecution } from "@/lib/engine/start-execution";

export const CALLER: Caller = { namespaceId: 1, actor: "key:test" };
export const silent = pino({ level: process.env.TEST_LOG ?? "silent" });

export function openServices(
  databaseUrl: string,
  engine: "embedded" | "off" = "embedded",
  options: Partial<ServicesOptions> = {},
): Promise<Services> {
  return createServices({ databaseUrl, engine }, { log: silent, ...options });
}

/** The value of an outcome that must not be a refusal. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code} ${outcome.detail ?? ""}`);
  return outcome.value;
}

export async function publish(services: Services, definition: Definition) {
  return value(await publishWorkflow(services, CALLER, definition)).published;
}

export async function start(services: Services, request: StartExecution): Promise<{ id: string; key: bigint }> {
  const { started } = value(await startExecution(services, CALLER, request));
  const key = decodeId("execution", started.id);
  if (key === null) throw new Error("a started execution has an id");
  return { id: started.id, key };
}

/** Runs to its end without any worker. */
export function transforms(name: string, count = 1): Definition {
  const ids = Array.from({ length: count }, (_, i) => `t${i + 1}`);
  return {
    name,
    nodes: ids.map((id) => ({ id, type: "transform" as const, value: { id } })),
    edges: ids.slice(1).map((to, i) => ({ from: ids[i] ?? "", to })),
  };
}

export function task(name: string): Definition {
  return { name, nodes: [{ id: "work", type: "task", task: "work" }], edges: [] };
}

export function sleep(name: string, duration: string): Definition {
  return {
    name,
    nodes: [
      { id: "rest", type: "sleep", duration },
      { id: "after", type: "transform", value: "awake" },
    ],
    edges: [{ from: "rest", to: "after" }],
  };
}

/** Looks until it is so; for what happens at a process boundary, where no signal can be awaited. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`it never happened that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
