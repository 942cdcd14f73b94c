// A process of its own that takes up whatever operation it finds, until it is killed: node --import tsx process.ts <url>
import { openServices } from "../engine-services/engine";

const [databaseUrl = ""] = process.argv.slice(2);
await openServices(databaseUrl);
process.stdout.write("serving\n");
