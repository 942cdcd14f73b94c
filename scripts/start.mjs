// @ts-check
// `npm start`: from a fresh clone to a served page. Installs, builds, starts PostgreSQL and the server; needs only Node.
import { launch } from "./launch.mjs";

await launch("start", async ({ root, dataDir, note, stopping, killing }) => {
  const { ensureInstalled } = await import("./install.mjs");
  const { ensureBuilt, SERVER } = await import("./build.mjs");
  const { supervise } = await import("./supervise.mjs");
  await ensureInstalled(root, note);
  await ensureBuilt(root, note);
  await supervise({ root, dataDir, script: SERVER, env: { NODE_ENV: "production" }, note, stopping, killing });
});
