/** Onboarding: welcomes an adult, asks a child's parent, waits a while, reports. Here, or with --distributed on a server. */
import { fail, on, sleep, step, Worker, when, workflow } from "@cerebelum/sdk";

interface User {
  id: string;
  name: string;
  email: string;
  age: number;
}

const USERS: User[] = [
  { id: "ada", name: "Ada", email: "ada@example.com", age: 36 },
  { id: "tim", name: "Tim", email: "parents.of.tim@example.com", age: 12 },
];

const fetchUser = step("fetch_user", async ({ userId }: { userId: string }) => {
  const user = USERS.find(({ id }) => id === userId);
  return user ?? fail({ code: "USER_NOT_FOUND", message: `Nobody is called ${userId}`, retryable: false });
});

const sendWelcome = step("send_welcome_email", async (user: User, ctx) => {
  // Hand the key to the mail service, so that a second attempt sends no second mail.
  return { to: user.email, subject: `Welcome, ${user.name}`, key: ctx.idempotencyKey };
});

const askForConsent = step("send_parental_consent", async (user: User, ctx) => {
  return { to: user.email, subject: `May ${user.name} join?`, key: ctx.idempotencyKey };
});

const report = step("report", async (mail: { to: string; subject: string }) => `"${mail.subject}" went to ${mail.to}`);

/** Three days in earnest; two seconds to watch it. */
const coolOff = process.env.COOL_OFF ?? "2s";

export const onboarding = workflow("user_onboarding", { description: "Welcome a user, or ask a parent" })
  .timeline(fetchUser)
  .branch(fetchUser, {
    adult: when(on(fetchUser).age.gte(18), sendWelcome),
    otherwise: askForConsent,
  })
  .timeline(sleep(coolOff, { id: "cool_off" }), report);

const args = process.argv.slice(2);
const distributed = args.includes("--distributed");
const userId = args.find((arg) => !arg.startsWith("--")) ?? "ada";

const worker = distributed ? new Worker({ workflows: [onboarding] }) : null;
await worker?.start();
try {
  const output = await onboarding.execute(
    { userId },
    {
      distributed,
      onEvent: ({ at, type, data }) => console.log(at.slice(11, 23), type.padEnd(20), "node" in data ? data.node : ""),
    },
  );
  console.log(output);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await worker?.stop();
}
