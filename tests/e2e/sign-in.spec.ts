/** The way in and out. */
import { ADMIN, expect, test } from "./support";

test("without a session every room leads to the sign-in page, and after it to where one wanted to go", async ({
  page,
}) => {
  await page.goto("/workflows");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel("Email").fill(ADMIN().email);
  await page.getByLabel("Password").fill(ADMIN().password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Workflows" })).toBeVisible();
});

test("a wrong password says so, and says nothing about which was wrong", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(ADMIN().email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Email or password is wrong." })).toBeVisible();
});

test("no link sends people to another site once they signed in", async ({ signedIn: page }) => {
  for (const next of ["//example.com", "https://example.com", "/\\example.com"]) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await expect(page).toHaveURL(/\/overview$/);
  }
});

test("signing out ends the session", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(ADMIN().email);
  await page.getByLabel("Password").fill(ADMIN().password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/executions");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the theme is the system's, or what one chose, from the first paint on", async ({ signedIn: page }) => {
  const html = page.locator("html");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/executions");
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect(html).toHaveAttribute("data-theme", "light");
  await page.reload({ waitUntil: "commit" });
  await expect(html).toHaveAttribute("data-theme", "light");
});

test("what is typed before the page's script lives never stands in an address", async ({ page }) => {
  await page.route("**/*.js", (route) => route.abort());
  await page.goto("/sign-in");
  await page.locator("input[name=email]").fill("somebody@example.com");
  await page.locator("input[name=password]").fill("a password that is secret");
  await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.keyboard.press("Enter"),
  ]);
  expect(page.url()).not.toContain("secret");
  await expect(page.locator("input[name=email]")).toBeVisible();
});
