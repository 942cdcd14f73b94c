/** Pictures of every page to be looked at; only taken when CEREBELUM_SCREENSHOTS names a folder. */
import { expect, orderScene, test, unique } from "./support";

const folder = process.env.CEREBELUM_SCREENSHOTS;
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

if (folder)
  for (const colorScheme of ["light", "dark"] as const)
    for (const [size, viewport] of Object.entries(SIZES))
      test(`pictures in ${colorScheme}, ${size}`, async ({ signedIn: page, client }) => {
        test.setTimeout(120_000);
        const scene = await orderScene(client, { failures: 3 });
        try {
          scene.charge.open();
          await scene.work();
          const starting = { workflow: scene.workflow, input: { order: "o" }, key: unique("order"), tags: ["vip"] };
          const { id } = await client.start(starting);
          await client.result(id);
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          const visits = {
            executions: "/executions",
            "no-match": "/executions?q=nobody-has-this-key",
            timeline: `/executions/${id}?step=charge`,
            events: `/executions/${id}?view=events`,
            graph: `/executions/${id}?view=graph`,
            workflows: "/workflows",
            workers: "/workers",
            queues: "/queues",
            "not-found": "/nowhere",
          };
          for (const [name, path] of Object.entries(visits)) {
            await page.goto(path);
            await expect(page.locator(".animate-breathe.bg-active")).toHaveCount(0);
            await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${size}.png` });
          }
        } finally {
          await scene.end();
        }
      });
