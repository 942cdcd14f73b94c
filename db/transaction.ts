/** Statements that take effect together or not at all. */
import type { Pool, PoolClient } from "./client";

/** Committed once it resolves; where `work` throws, nothing happened, and the error is passed on. */
export async function inTransaction<T>(pool: Pool, work: (transaction: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    const value = await work(client);
    await client.query("commit");
    broken = false;
    return value;
  } finally {
    // Without a commit the connection is closed, and with it the transaction rolled back.
    client.release(broken);
  }
}
