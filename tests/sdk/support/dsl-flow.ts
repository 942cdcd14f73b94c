/** Steps to put into chains, and what a chain became: its edges, where a run went, what was refused. */
import { DefinitionError, type HistoryEvent, step, virtualClock } from "@/worker-sdk/src/index";

export const a = step("a", async (n: number) => n + 1);
export const b = step("b", async (n: number) => n * 10);
export const c = step("c", async (n: number) => n - 1);
export const d = step("d", async (n: number) => n);
export const once = { retry: { maxAttempts: 1 } };

export interface Built {
  definition: {
    nodes: { id: string; type: string }[];
    edges: { from: string; port?: string; to: string; loop?: object }[];
  };
}
export const edgesOf = ({ definition }: Built) =>
  definition.edges.map(
    ({ from, port: out, to, loop: back }) => `${from}${out === undefined ? "" : `.${out}`} ${back ? "↺" : ">"} ${to}`,
  );
export const nodeOf = ({ definition }: Built, id: string) => definition.nodes.find((node) => node.id === id);

/** Runs it without waiting, and says which steps ended how, in order. */
export async function run(built: { execute: (input: never, options: object) => Promise<unknown> }, input: unknown) {
  const ended: string[] = [];
  const onEvent = ({ type, data }: HistoryEvent) => {
    if (type === "StepCompleted" || type === "StepSkipped" || type === "StepFailed")
      ended.push(`${data.node} ${type.slice(4).toLowerCase()}`);
  };
  const output = await built
    .execute(input as never, { clock: virtualClock(), onEvent })
    .catch((error: unknown) => error);
  return { output, ended };
}

export function findingsOf(built: { definition: unknown }) {
  try {
    built.definition;
  } catch (error) {
    if (error instanceof DefinitionError) return error.findings.filter(({ severity }) => severity === "error");
    throw error;
  }
  return [];
}
export const codesOf = (built: { definition: unknown }) =>
  findingsOf(built).map(({ code, node }) => `${code} ${node ?? ""}`.trim());
