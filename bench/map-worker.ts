/** The worker process of the map's benchmark. */
import { Worker } from "../worker-sdk/src/index";
import { mapping } from "./map-workflow";

const worker = new Worker({ name: "map", workflows: [mapping], capacity: 100 });
process.on("SIGTERM", () => worker.stop().then(() => process.exit(0)));
await worker.run();
