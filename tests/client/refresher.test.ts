// When queries are asked again: at once, seldom enough for what they cost, and never with an answer that is too old.
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askRoomAgain, follows, Refresher } from "@/lib/client/refresher";

let client: QueryClient;
let refresher: Refresher;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  client = new QueryClient();
  refresher = new Refresher(client);
});

afterEach(() => {
  refresher.stop();
  client.clear();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** A query that is on screen, with the times at which it was asked after it was first answered. */
async function shown(
  queryKey: unknown[],
  { meta, data = {}, takesMs = 0 }: { meta?: object; data?: unknown; takesMs?: number },
) {
  const asked: number[] = [];
  const begun = Date.now() + takesMs;
  const queryFn = async () => {
    asked.push(Date.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, takesMs));
    return data;
  };
  const leave = new QueryObserver(client, { queryKey, queryFn, meta: { ...meta } }).subscribe(() => {});
  await pass(takesMs);
  asked.length = 0;
  return { asked, leave };
}

/** A change every quarter of a second, as often as the stream tells. */
async function busy(forMs: number, room: "executions" | "approvals") {
  for (let ms = 0; ms < forMs; ms += 250) {
    refresher.changed([room]);
    await pass(250);
  }
}

test("what follows at once is asked at each change, other queries of the room once a second, other rooms never", async () => {
  const head = await shown(["executions", "head"], { meta: follows("at-once") });
  const counts = await shown(["executions", "counts"], {});
  const itself = await shown(["executions", "list"], { meta: follows("by-itself") });
  const elsewhere = await shown(["approvals"], {});
  await busy(1_500, "executions");
  expect(head.asked).toEqual([0, 250, 500, 750, 1_000, 1_250]);
  expect(counts.asked).toEqual([0, 1_000]);
  expect(itself.asked).toEqual([]);
  expect(elsewhere.asked).toEqual([]);
});

test("the last of many changes is asked for, however soon it comes after the one before", async () => {
  const counts = await shown(["executions", "counts"], {});
  refresher.changed(["executions"]);
  await pass(100);
  refresher.changed(["executions"]);
  await pass(5_000);
  expect(counts.asked).toEqual([0, 1_000]);
});

test("a change while an answer is on its way is asked for after it, and does not cut it off", async () => {
  const head = await shown(["executions"], { meta: follows("at-once"), takesMs: 600 });
  await busy(1_500, "executions");
  await pass(3_000);
  expect(head.asked).toEqual([0, 600, 1_200, 1_800]);
});

test("a change while the first answer is on its way is asked for after it: that answer may be older", async () => {
  const asked: number[] = [];
  const begun = Date.now();
  const queryFn = async () => {
    asked.push(Date.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 600));
    return {};
  };
  new QueryObserver(client, { queryKey: ["executions"], queryFn, meta: follows("at-once") }).subscribe(() => {});
  await pass(100);
  refresher.changed(["executions"]);
  await pass(3_000);
  expect(asked).toEqual([0, 600]);
});

test("the overview is asked at a change of any room, every two seconds at most", async () => {
  const overview = await shown(["overview"], {});
  refresher.changed(["workers"]);
  refresher.changed(["approvals"]);
  await pass(5_000);
  expect(overview.asked).toEqual([0, 2_000]);
});

test("a list of several pages is asked every five seconds at most", async () => {
  const list = await shown(["approvals", "list"], { data: { pages: [{}, {}], pageParams: [null, "next"] } });
  await busy(6_000, "approvals");
  await pass(5_000);
  expect(list.asked).toEqual([0, 5_000, 10_000]);
});

test("nothing is asked after the end", async () => {
  const counts = await shown(["executions", "counts"], {});
  refresher.changed(["executions"]);
  refresher.changed(["executions"]);
  await pass(0);
  refresher.stop();
  await pass(5_000);
  expect(counts.asked).toEqual([0]);
});

test("whoever changed a room asks for its head and its numbers, and not for all that was scrolled through", async () => {
  const head = await shown(["executions", "head"], { meta: follows("at-once") });
  const counts = await shown(["executions", "counts"], {});
  const itself = await shown(["executions", "list"], { meta: follows("by-itself") });
  const elsewhere = await shown(["approvals"], {});
  const answered = askRoomAgain(client, "executions");
  await pass(0);
  await answered;
  expect([head, counts, itself, elsewhere].map(({ asked }) => asked.length)).toEqual([1, 1, 0, 0]);
});
