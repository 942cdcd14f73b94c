// One launched server for all browser tests. They find it, and who may sign in, in the environment.
import { ADMIN, API_KEY, launchServer } from "./launched-server";

/** Set CEREBELUM_URL (and the other three) to test against a server that already runs. */
export default async function setup() {
  if (process.env.CEREBELUM_URL) return;
  const server = await launchServer();
  process.env.CEREBELUM_URL = server.url;
  process.env.CEREBELUM_API_KEY = API_KEY;
  process.env.CEREBELUM_ADMIN_EMAIL = ADMIN.email;
  process.env.CEREBELUM_ADMIN_PASSWORD = ADMIN.password;
  return () => server.stop();
}
