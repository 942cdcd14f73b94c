// The park of polls by itself: order, fairness, and what it costs. Flushes are played by hand, with no database behind them.
import { afterEach, describe, expect, it } from "vitest";
import type { Queryable } from "@/db/client";
import type { Task } from "@/lib/contract/workers";
import type { LeaseRequest } from "@/lib/engine/door/door";
import { TaskWaiters } from "@/lib/engine/leasing/task-waiters";
import type { KnownWorker } from "@/lib/engine/leasing/worker-directory";
import { TestClock } from "../door/engine";

const noDatabase: Queryable = {
  query() {
    throw new Error("a park asks the database nothing but what was missed");
  },
};

class Park {
  readonly clock = new TestClock();
  /** Requests that the next flush would take. */
  asked: LeaseRequest[] = [];
  readonly waiters = new TaskWaiters({
    clock: this.clock,
    db: noDatabase,
    lease: (request) => this.asked.push(request),
  });

  /** Parks a poll; `tasks` is filled once it is answered. */
  park(id: number, declared: { queues?: string[]; tasks?: string[]; capacity?: number; namespaceId?: number } = {}) {
    const { queues = ["q"], tasks = ["work"], capacity = 1, namespaceId = 1 } = declared;
    const worker: KnownWorker = {
      id: BigInt(id),
      namespaceId,
      queues,
      serves: queues,
      tasks: new Set(tasks),
      draining: false,
      declares: JSON.stringify([namespaceId, queues, tasks]),
    };
    const { signal } = new AbortController();
    const poll: { tasks: Task[] | null } = { tasks: null };
    const wait = { worker, requestId: null, capacity, waitMs: 30_000, signal };
    this.waiters.wait(wait).then((given) => {
      poll.tasks = given;
    });
    this.flush(() => []);
    return poll;
  }

  /** Answers everything asked so far with what `lease` gives each, and tells which workers asked. */
  flush(lease: (request: LeaseRequest) => Task[]): number[] {
    const asked = this.asked;
    this.asked = [];
    for (const request of asked) request.fill(lease(request));
    return asked.map((request) => Number(request.workerId));
  }
}

const kind = (task = "work", queue = "q", namespaceId = 1) => ({ namespaceId, queue, task });
const given = (task = "work", queue = "q") => ({ task, queue }) as Task;
const workers = (requests: LeaseRequest[]) => requests.map((request) => Number(request.workerId));

let park: Park;
afterEach(() => park.waiters.close());

describe("a claim", () => {
  it("takes the polls that have waited longest, one for each task that is ready", () => {
    park = new Park();
    for (const id of [1, 2, 3]) park.park(id);
    expect(workers(park.waiters.claim([kind(), kind()]))).toEqual([1, 2]);
    expect(park.waiters.parked).toBe(1);
  });

  it("fills a poll's capacity before it takes the next", () => {
    park = new Park();
    park.park(1, { capacity: 3 });
    park.park(2, { capacity: 3 });
    expect(workers(park.waiters.claim(Array.from({ length: 4 }, () => kind())))).toEqual([1, 2]);
    expect(park.waiters.claim([kind()])).toEqual([]);
  });

  it("takes nobody who could not be given the task", () => {
    park = new Park();
    park.park(1, { tasks: ["other"] });
    park.park(2, { queues: ["elsewhere"] });
    park.park(3, { namespaceId: 2 });
    expect(park.waiters.claim([kind()])).toEqual([]);
    expect(workers(park.waiters.claim([kind("work", "elsewhere"), kind("work", "q", 2)]))).toEqual([2, 3]);
  });

  it("goes by who waited longest also among workers that declare different things", () => {
    park = new Park();
    park.park(1, { tasks: ["work", "more"] });
    park.park(2);
    park.park(3, { tasks: ["work", "more"] });
    expect(workers(park.waiters.claim([kind(), kind(), kind()]))).toEqual([1, 2, 3]);
  });

  it("that brought nothing parks the poll again, behind those who came meanwhile", () => {
    park = new Park();
    park.park(1);
    const [first] = park.waiters.claim([kind()]);
    park.park(2);
    first?.fill([]);
    expect(workers(park.waiters.claim([kind(), kind()]))).toEqual([2, 1]);
  });
});

describe("a poll that could take no more", () => {
  it("passes on what it was claimed for and did not take", () => {
    park = new Park();
    park.park(1, { tasks: ["x", "y"] });
    park.park(2, { tasks: ["x"] });
    const [claimed] = park.waiters.claim([kind("x"), kind("y")]);
    claimed?.fill([given("y")]);
    expect(workers(park.asked)).toEqual([2]);
  });

  it("wakes nobody where it took what it was claimed for", () => {
    park = new Park();
    park.park(1);
    park.park(2);
    const [claimed] = park.waiters.claim([kind()]);
    claimed?.fill([given()]);
    expect(park.asked).toEqual([]);
  });
});

describe("a hint", () => {
  it("wakes one poll of each sort of worker, and the next for as long as they come back full", () => {
    park = new Park();
    for (const id of [1, 2, 3]) park.park(id);
    park.park(4, { tasks: ["other"] });
    park.park(5, { queues: ["elsewhere"] });
    park.waiters.wake(1, "q");
    let left = 2;
    const lease = (request: LeaseRequest) => (request.workerId < 4n && left-- > 0 ? [given()] : []);
    expect(park.flush(lease)).toEqual([1, 4]);
    expect(park.flush(lease)).toEqual([2]);
    expect(park.flush(lease)).toEqual([3]);
    expect(park.flush(lease)).toEqual([]);
    expect(park.waiters.parked).toBe(3);
  });
});

describe("five thousand parked polls", () => {
  it("cost a claim no more than a few, and a few kilobytes each", () => {
    const timeOf = (count: number) => {
      park = new Park();
      for (let id = 1; id <= count; id++) park.park(id);
      const startedAt = performance.now();
      for (let i = 0; i < 1000; i++) for (const request of park.waiters.claim([kind()])) request.fill([]);
      const tookMs = performance.now() - startedAt;
      expect(park.waiters.parked).toBe(count);
      return tookMs;
    };
    timeOf(10);
    const before = process.memoryUsage().heapUsed;
    const few = timeOf(10);
    park.waiters.close();
    const many = timeOf(5_000);
    const kilobytesEach = (process.memoryUsage().heapUsed - before) / 1024 / 5_000;
    expect(many).toBeLessThan(Math.max(50, few * 20));
    expect(kilobytesEach).toBeLessThan(16);
  });
});
