/** People and what they may do: invited, signed up, with a second factor, in more than one namespace, with keys. */
import { createHmac } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { expect, test, URL_OF_SERVER, unique } from "./support";

const PASSWORD = "correct horse battery";

/** Invites by the page, and answers the link that it shows. */
async function inviteByPage(page: Page, email: string, role: string): Promise<string> {
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Role").selectOption(role);
  await dialog.getByRole("button", { name: "Invite" }).click();
  await expect(dialog.getByText("The invitation is on its way.")).toBeVisible();
  return dialog.getByRole("code").innerText();
}

/** In a browser of their own. */
async function signUp(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: URL_OF_SERVER() });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel("Name").fill("Robin Example");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  return page;
}

test("an invited viewer joins, sees everything and no button that would be refused", async ({
  signedIn: page,
  browser,
  client,
}) => {
  const workflow = unique("watched");
  await client.publish({ name: workflow, nodes: [{ id: "gate", type: "approval" }], edges: [] });
  const { id } = await client.start({ workflow });
  const email = `${unique("viewer")}@example.com`;
  const link = await inviteByPage(page, email, "viewer");
  const theirs = await signUp(browser, link);
  await theirs.goto("/executions");
  await expect(theirs.getByText(id.slice(-6)).first()).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Start execution" })).toHaveCount(0);
  await theirs.goto(`/executions/${id}`);
  await expect(theirs.getByText(/gate has waited .* for approval/).first()).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  await theirs.goto(`/workflows?q=${workflow}`);
  await expect(theirs.getByRole("link", { name: workflow })).toBeVisible();
  await expect(theirs.getByRole("button", { name: "New workflow" })).toHaveCount(0);
  await theirs.goto(`/workflows/${workflow}/edit?node=gate`);
  await expect(theirs.getByRole("status").filter({ hasText: "Read-only" })).toBeVisible();
  await expect(theirs.getByRole("textbox", { name: "Id" })).toHaveAttribute("readonly");
  await expect(theirs.getByRole("button", { name: "Publish", exact: true })).toHaveCount(0);
  await theirs.goto("/settings");
  await expect(theirs.getByRole("link", { name: "Members" })).toHaveCount(0);
  await theirs.goto("/settings/members");
  await expect(theirs.getByText("Your role does not allow this.")).toBeVisible();

  // The link is used: it opens nothing any more.
  await theirs.context().clearCookies();
  await theirs.goto(link);
  await expect(theirs.getByText("This invitation is no longer open")).toBeVisible();

  // Removed, they are out at once.
  await page.goto("/settings/members");
  await page
    .getByRole("row", { name: new RegExp(email) })
    .getByRole("button", { name: "Remove" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("row", { name: new RegExp(email) })).toHaveCount(0);
  await theirs.goto("/sign-in");
  await theirs.getByLabel("Email").fill(email);
  await theirs.getByLabel("Password").fill(PASSWORD);
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.getByText("You belong to no organisation yet")).toBeVisible();
  await theirs.context().close();
  await client.terminate(id);
});

test("a second factor is turned on, asked for, and can be replaced by a kept code once", async ({
  signedIn: page,
  browser,
}) => {
  const email = `${unique("careful")}@example.com`;
  const theirs = await signUp(browser, await inviteByPage(page, email, "member"));
  await theirs.goto("/settings/profile");
  const factor = theirs.getByRole("region", { name: "Second factor" });
  await factor.getByLabel("Current password").fill(PASSWORD);
  await factor.getByRole("button", { name: "Turn on" }).click();
  const secret = await factor.getByRole("code").innerText();
  const [kept = ""] = await factor.getByRole("listitem").allInnerTexts();
  await factor.getByLabel("Code", { exact: true }).fill(totp(secret));
  await factor.getByRole("button", { name: "Confirm" }).click();
  await expect(factor.getByText("On: signing in asks for a code")).toBeVisible();

  await theirs.context().clearCookies();
  await theirs.goto("/sign-in");
  await theirs.getByLabel("Email").fill(email);
  await theirs.getByLabel("Password").fill(PASSWORD);
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await theirs.getByRole("button", { name: "Use a backup code" }).click();
  await theirs.getByLabel("Backup code").fill(kept);
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.getByRole("heading", { name: "Overview" })).toBeVisible();
  await theirs.context().close();
});

test("a key is made, works, is rotated and revoked; the audit log tells of it", async ({ signedIn: page }) => {
  const name = unique("key");
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByText("It is shown this once.")).toBeVisible();
  const secret = await dialog.getByRole("code").innerText();
  const status = async () =>
    (await fetch(`${URL_OF_SERVER()}/api/v1/executions`, { headers: { authorization: `Bearer ${secret}` } })).status;
  expect(await status()).toBe(200);
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText(secret)).toHaveCount(0);

  await page.getByRole("button", { name: `Rotate ${name}` }).click();
  await dialog.getByRole("button", { name: "Rotate" }).click();
  expect(await dialog.getByRole("code").innerText()).not.toBe(secret);
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  expect(await status()).toBe(200);

  for (const row of await page.getByRole("button", { name: `Revoke ${name}` }).all()) await expect(row).toBeVisible();
  await page
    .getByRole("button", { name: `Revoke ${name}` })
    .last()
    .click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(status).toBe(401);

  await page.goto("/settings/audit-log");
  await page.getByLabel("What", { exact: true }).fill("api_key.");
  for (const action of ["api_key.create", "api_key.rotate", "api_key.revoke"])
    await expect(page.getByRole("cell", { name: action }).first()).toBeVisible();
});

test("a new namespace is empty, and one finds back", async ({ signedIn: page, client }) => {
  const workflow = unique("here");
  await client.publish({ name: workflow, nodes: [{ id: "rest", type: "sleep", duration: "1ms" }], edges: [] });
  const name = unique("staging");
  await page.goto("/settings/namespaces");
  await page.getByRole("button", { name: "Create namespace" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create namespace" }).click();
  await page.getByRole("button", { name: `Open ${name}` }).click();
  await expect(page.getByRole("heading", { name: "Your first execution" })).toBeVisible();
  await page.goto("/executions");
  await expect(page.getByText("No executions yet")).toBeVisible();
  await page.goto("/workflows");
  await expect(page.getByText(workflow)).toHaveCount(0);
  await page.getByRole("button", { name: /^Namespace .*, switch$/ }).click();
  await page.getByRole("option", { name: /\/default$/ }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.goto("/workflows");
  await expect(page.getByText(workflow)).toBeVisible();
});

test("whoever forgot a password hears the same, whether there is such an account or not", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByRole("heading", { name: "Reset your password" })).toBeVisible();
  await page.getByLabel("Email").fill(`${unique("nobody")}@example.com`);
  await page.getByRole("button", { name: "Send a link" }).click();
  await expect(page.getByText("If there is an account with this email")).toBeVisible();
  await page.goto("/reset-password?token=of-nobody");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This link was used already or is too old.")).toBeVisible();
});

/** RFC 6238 with its usual parameters: what an authenticator app would show now. */
function totp(secret: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
