/** Makes one read of many that are asked for in the same turn of the event loop. */

/** `read` answers for the keys it knows; of the others the answer is undefined. If it fails, all who asked with it do. */
export function together<Key, Value>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let asked: Key[] = [];
  let reading: Promise<ReadonlyMap<Key, Value>> | null = null;

  async function readAll() {
    await new Promise((resolve) => setImmediate(resolve));
    const keys = asked;
    asked = [];
    reading = null;
    return read(keys);
  }

  return async (key) => {
    asked.push(key);
    reading ??= readAll();
    return (await reading).get(key);
  };
}
