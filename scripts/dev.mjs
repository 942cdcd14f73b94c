// @ts-check
// `npm run dev`: the same as `npm start`, and each change is seen at once: Next.js reloads pages, and the server is bundled
// and started anew when a file in it changes.
import { once } from "node:events";
import { launch } from "./launch.mjs";

const DEV_SERVER = "dist/dev/server.mjs";

await launch("dev", async ({ root, dataDir, note, stopping, killing }) => {
  const { ensureInstalled } = await import("./install.mjs");
  await ensureInstalled(root, note);
  const { supervise } = await import("./supervise.mjs");
  const bundle = new EventTarget();
  const watch = await watchServer(root, bundle);
  const env = { NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1" };
  try {
    await supervise({ root, dataDir, script: DEV_SERVER, env, note, stopping, killing, bundle });
  } finally {
    await watch.dispose();
  }
});

/**
 * Settles after the first build. A build that fails says why and leaves the server that runs.
 * @param {string} root
 * @param {EventTarget} bundle
 */
async function watchServer(root, bundle) {
  const { context } = await import("esbuild");
  const { serverBundle } = await import("./build.mjs");
  const { buildViewer } = await import("./viewer.mjs");
  await buildViewer(root);
  const built = new EventTarget();
  const first = once(built, "end");
  let builds = 0;
  const watch = await context({
    ...serverBundle(root),
    outfile: DEV_SERVER,
    logLevel: "warning",
    plugins: [
      {
        name: "restart the server",
        setup(build) {
          build.onEnd(({ errors }) => {
            if (errors.length === 0 && builds++ > 0) bundle.dispatchEvent(new Event("change"));
            built.dispatchEvent(new Event("end"));
          });
        },
      },
    ],
  });
  await watch.watch();
  await first;
  return watch;
}
