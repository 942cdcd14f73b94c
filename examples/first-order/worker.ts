/** The worker of the dashboard's first steps: serves the steps of `first_order` until Ctrl-C. */
import { Worker } from "@cerebelum/sdk";
import { steps } from "./steps";

console.log("Serving the queue first_order. Ctrl-C stops.");
await new Worker({ steps, queues: ["first_order"], name: "first-order-worker" }).run();
