/** The two hosts of the one engine: this process, and a server on PostgreSQL with a worker that speaks HTTP to it. */
import { withChildren } from "@/worker-sdk/src/any-workflow";
import { type AnyWorkflow, Client, type ExecutionHandle, Worker, type Workflow } from "@/worker-sdk/src/index";
import { API_KEY, startServer } from "../../http/support";

export interface Host {
  name: string;
  open(): Promise<void>;
  close(): Promise<void>;
  /** Starts it, with workers for all that it needs. */
  start<Input, Output>(workflow: Workflow<Input, Output>, input: Input): Promise<ExecutionHandle<Output>>;
}

const inProcess: Host = {
  name: "in process",
  open: async () => {},
  close: async () => {},
  start: (workflow, input) => workflow.start(input),
};

function onServer(): Host {
  const workers = new Map<AnyWorkflow, Worker>();
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: Client;
  return {
    name: "on a server",
    async open() {
      server = await startServer();
      client = new Client({ url: server.url, apiKey: API_KEY });
    },
    async close() {
      await Promise.all([...workers.values()].map((worker) => worker.stop({ graceMs: 0 })));
      client.close();
      await server.close();
    },
    async start(workflow, input) {
      if (!workers.has(workflow) && withChildren([workflow]).some(({ steps }) => steps.length > 0)) {
        const worker = new Worker({ workflows: [workflow], url: server.url, apiKey: API_KEY, log: () => {} });
        workers.set(workflow, worker);
        await worker.start();
      }
      return workflow.start(input, { distributed: true, client });
    },
  };
}

export const HOSTS: readonly Host[] = [inProcess, onServer()];
