/** The worker process of w1: steps that do nothing. */
import { Worker } from "../worker-sdk/src/index";
import { w1 } from "./w1-workflow";

const worker = new Worker({ name: "w1", workflows: [w1(Number(process.argv[2]))], capacity: 100 });
process.on("SIGTERM", () => worker.stop().then(() => process.exit(0)));
await worker.run();
