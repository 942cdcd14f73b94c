/** Retires all data keys: each namespace gets a new one with its next payload. What old ones sealed stays readable. */
import process from "node:process";
import pg from "pg";

const connectionString = process.env.DATABASE_URL;
if (connectionString === undefined) {
  console.error("DATABASE_URL is missing");
  process.exit(1);
}
const client = new pg.Client({ connectionString });
await client.connect();
try {
  const { rowCount } = await client.query("update data_keys set retired_at = now() where retired_at is null");
  console.log(`${rowCount} data keys retired; running processes take new ones within a minute`);
} finally {
  await client.end();
}
