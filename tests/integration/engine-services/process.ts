// A process of its own that starts sleeping executions, says so and goes on until it is killed: node --import tsx process.ts <url>
import { openServices, publish, sleep, start } from "./engine";

const [databaseUrl = ""] = process.argv.slice(2);
const services = await openServices(databaseUrl);
await publish(services, sleep("killed", "700ms"));
const started = await Promise.all(Array.from({ length: 100 }, () => start(services, { workflow: "killed" })));
process.stdout.write(`${JSON.stringify(started.map(({ id }) => id))}\n`);
