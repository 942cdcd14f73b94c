/**
 * Behaviours that the system was always meant to have, each marked: as it is; mapped, where this project decided otherwise
 * (arms are exclusive, iterations start at 1, waits are capped); or refused here, with where it is shown or why it is not.
 */
import { expect } from "vitest";
import { port } from "@/worker-sdk/src/dsl/directives";
import { type Behaviour, echo, edges, flow, type Handler, loop, ONCE, task, transform } from "../behaviour";

interface Ported extends Behaviour {
  scenario: string;
  mark: "as it is" | { mapped: string };
}

export const REFUSED: { readonly [scenario: string]: string } = {
  "O08-concurrent-5":
    "Each behaviour here is one execution; many at once are played in tests/integration/engine-workers/stress.test.ts",
  "O06-fail-exit": "Shown for a lease that nobody renews among the tasks: a host in process cannot lose its worker",
  "O24-crash-mid-sleep": "Processes are killed by the tests in tests/kill",
  "O34-dlq-add-retry": "Dead letters are projections of the server: tests/http/dead-letters.test.ts",
  "O35-dlq-list": "A list of the server: tests/http/dead-letters.test.ts",
  "O37-longpoll": "Of the worker protocol alone: tests/integration/engine-workers/task-waiters.test.ts",
  "O38-throughput": "Of the worker protocol alone: tests/integration/engine-workers/stress.test.ts",
  "O39-worker-registry": "Registering again is no conflict here: tests/integration/engine-workers",
  "O40-validate-def": "Nothing that does not validate is ever started: tests/core/validation.test.ts",
  "O41-event-store": "Of the store alone: tests/integration/door/one-door.test.ts",
};

const fails = (code: string, message: string, details?: unknown): never => {
  throw Object.assign(new Error(message), { code, details });
};

const counter = [
  task("initialize"),
  task("increment", { input: "=steps.initialize.output" }),
  task("double", { input: "=steps.increment.output" }),
  task("finalize", { input: "=steps.double.output" }),
];

const greeting = (name: string, input: { name?: string }, greet: string): Ported["given"] => ({
  definitions: flow(
    name,
    [
      transform("greet", "=has(input.name) ? 'Hello, ' + input.name + '!' : 'Hello, World!'"),
      task("shout", { input: "=steps.greet.output" }),
    ],
    edges("greet > shout"),
    { output: ["=steps.greet.output", greet] },
  ),
  handlers: { shout: (text: string) => text.toUpperCase() },
  input,
});

const risk = (name: string, score: number): Ported["given"] => ({
  definitions: flow(
    name,
    [
      task("calculate_risk", { input: "=input.score" }),
      {
        id: "level",
        type: "choice",
        cases: [
          { port: "high", when: "steps.calculate_risk.output > 0.8" },
          { port: "medium", when: "steps.calculate_risk.output > 0.5" },
        ],
      },
      task("high_risk"),
      task("medium_risk"),
      task("low_risk"),
      task("complete"),
    ],
    edges(
      "calculate_risk > level",
      "level.high > high_risk > complete",
      "level.medium > medium_risk > complete",
      "level.otherwise > low_risk > complete",
    ),
  ),
  handlers: { calculate_risk: echo },
  input: { score },
});

const chosen = (arm: string): Ported["then"] => {
  const arms = ["high_risk", "medium_risk", "low_risk"];
  return (told) => {
    for (const each of arms) expect(told.endings).toContain(`${each} ${each === arm ? "completed" : "skipped"}`);
    expect(told.endings.at(-1)).toBe("complete completed");
  };
};

const review = (name: string, more = {}) =>
  flow(
    name,
    [task("start"), { id: "review", type: "approval", title: "Please review this workflow", ...more }, task("finish")],
    edges("start > review > finish"),
  );

const naps = (name: string, ...durations: string[]): Ported["given"] => {
  const ids = durations.map((_, i) => `nap${i + 1}`);
  return {
    definitions: flow(
      name,
      [
        task("start"),
        ...durations.map((duration, i) => ({ id: `nap${i + 1}`, type: "sleep" as const, duration })),
        task("finish"),
      ],
      edges(["start", ...ids, "finish"].join(" > ")),
    ),
  };
};

const welcome = (name: string, input: { user_id?: number; age: number }): Ported["given"] => ({
  definitions: flow(
    name,
    [
      task("validate_age", { ...ONCE, input: "=input" }),
      task("fetch_user_data", { ...ONCE, input: "=input" }),
      task("send_welcome_email", { input: "=steps.fetch_user_data.output" }),
    ],
    edges("validate_age > send_welcome_email", "fetch_user_data > send_welcome_email"),
  ),
  handlers: {
    validate_age: ({ age }: { age: number }) => (age < 18 ? fails("TOO_YOUNG", "must be 18 or older") : age),
    fetch_user_data: ({ user_id }: { user_id?: number }) => {
      if (user_id === undefined) fails("NO_USER", "user_id is required");
      return user_id === 123 ? "alice@example.com" : fails("UNKNOWN_USER", `user ${user_id} not found`);
    },
    send_welcome_email: (recipient: string) => ({ email_sent: true, recipient }),
  },
  input,
});

const notWelcomed =
  (message: string): Ported["then"] =>
  (told) => {
    expect(told.one("ExecutionFailed").data.message).toBe(message);
    expect(told.count("StepScheduled", "send_welcome_email")).toBe(0);
  };

interface Order {
  id: string;
  items: { price: number; quantity: number }[];
  customer: { email: string };
}

const order = (name: string, given: Order | null): Ported["given"] => ({
  definitions: flow(
    name,
    [
      task("validate_order", { ...ONCE, input: "=input.order" }),
      task("check_inventory", { ...ONCE, input: "=input.order" }),
      task("process_payment", { input: "=input.order" }),
      task("ship"),
      task("notify", { input: "=input.order" }),
    ],
    edges("validate_order > check_inventory > process_payment > ship > notify"),
  ),
  handlers: {
    validate_order: (it: Order | null) => it ?? fails("invalid_order", "there is no order"),
    check_inventory: ({ items }: Order) =>
      items.every(({ quantity }) => quantity > 0) || fails("out_of_stock", "there is not enough"),
    process_payment: ({ items }: Order) => items.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
    notify: ({ id, customer }: Order) => ({ subject: `Order ${id} Shipped!`, customer_email: customer.email }),
  },
  input: { order: given } as never,
});

const ORDER: Order = {
  id: "ORD-123",
  items: [
    { price: 100, quantity: 2 },
    { price: 50, quantity: 1 },
  ],
  customer: { email: "test@example.com" },
};

const timeoutOnce: Handler = (_: unknown, { iteration }) => (iteration === 1 ? "timeout" : "data");

const diverging = (name: string, maxIterations: number) =>
  flow(
    name,
    [
      task("fetch_data"),
      { id: "well", type: "choice", cases: [{ port: "again", when: "steps.fetch_data.output == 'timeout'" }] },
      transform("save", "='saved: ' + steps.fetch_data.output"),
    ],
    [...edges("fetch_data > well", "well.otherwise > save"), loop("well", "again", "fetch_data", { maxIterations })],
  );

export const PORTED: Ported[] = [
  {
    scenario: "O01-counter",
    mark: "as it is",
    name: "O01: a counter goes through four steps",
    rules: [1, 11],
    given: {
      definitions: flow("o01_counter", counter, edges("initialize > increment > double > finalize")),
      handlers: { initialize: () => 0, increment: (n: number) => n + 1, double: (n: number) => n * 2, finalize: echo },
    },
    then: (told) => {
      expect(told.all("StepCompleted").map(({ data }) => [data.node, data.output])).toEqual([
        ["initialize", 0],
        ["increment", 1],
        ["double", 2],
        ["finalize", 2],
      ]);
      expect(told.output).toEqual({ finalize: 2 });
    },
  },
  {
    scenario: "O02-input",
    mark: "as it is",
    name: "O02: the input reaches the first step",
    rules: [1],
    given: greeting("o02_input", { name: "Alice" }, "=steps.shout.output"),
    then: (told) => expect(told.output).toEqual(["Hello, Alice!", "HELLO, ALICE!"]),
  },
  {
    scenario: "O03-input-default",
    mark: "as it is",
    name: "O03: what the input lacks has a default",
    rules: [1],
    given: greeting("o03_default", {}, "=steps.shout.output"),
    then: (told) => expect(told.output).toEqual(["Hello, World!", "HELLO, WORLD!"]),
  },
  {
    scenario: "O05-fail-exception",
    mark: "as it is",
    name: "O05: an exception fails its step, and what came before stays",
    rules: [4],
    given: {
      definitions: flow("o05_exception", [task("step1"), task("step2", ONCE)], edges("step1 > step2")),
      handlers: { step1: () => "success", step2: () => fails("HANDLER_ERROR", "Intentional error for testing") },
    },
    then: (told) => {
      expect(told.outputs("step1")).toEqual(["success"]);
      expect(told.outputs("step2")).toEqual([]);
      expect(told.failure).toEqual({ code: "HANDLER_ERROR", node: "step2" });
    },
  },
  {
    scenario: "O07-fail-throw-nonerror",
    mark: "as it is",
    name: "O07: what is thrown and no Error is kept",
    rules: [4],
    given: {
      definitions: flow("o07_no_error", [task("throw_step", ONCE)]),
      handlers: {
        throw_step: () => {
          throw { error: "invalid_data" };
        },
      },
    },
    then: (told) => expect(told.error("throw_step")).toMatchObject({ details: { error: "invalid_data" } }),
  },
  {
    scenario: "O09-retry-then-ok",
    mark: { mapped: "iterations start at 1, and the jump is LoopTaken" },
    name: "O09: a diverging result goes back once, then on",
    rules: [3],
    given: { definitions: diverging("o09_diverge", 10), handlers: { fetch_data: timeoutOnce } },
    then: (told) => {
      expect(told.output).toEqual({ save: "saved: data" });
      expect(told.one("LoopTaken").data.turn).toBe(2);
    },
  },
  {
    scenario: "O10-infinite-loop-guard",
    mark: { mapped: "the limit is the edge's own, and fails the step that would go back" },
    name: "O10: a loop without an end ends at its limit",
    rules: [3],
    given: { definitions: diverging("o10_endless", 20), handlers: { fetch_data: () => "timeout" } },
    then: (told) => {
      expect(told.failure).toEqual({ code: "LOOP_LIMIT", node: "well" });
      expect(told.count("StepCompleted", "fetch_data")).toBe(20);
    },
  },
  ...(
    [
      ["O11-branch-high", "high_risk", 0.9],
      ["O12-branch-medium", "medium_risk", 0.6],
      ["O13-branch-low", "low_risk", 0.2],
    ] as const
  ).map(
    ([scenario, arm, score]): Ported => ({
      scenario,
      mark: { mapped: "arms are exclusive: the chosen one runs, the others are skipped" },
      name: `${scenario.slice(0, 3)}: a branch runs ${arm} and no other arm`,
      rules: [2],
      given: risk(scenario.replaceAll("-", "_").toLowerCase(), score),
      then: chosen(arm),
    }),
  ),
  {
    scenario: "O15-diverge+branch",
    mark: { mapped: "arms are exclusive" },
    name: "O15: a rule on a result and a branch after it",
    rules: [2],
    given: {
      definitions: flow(
        "o15_both",
        [
          task("fetch"),
          { id: "ok", type: "choice", cases: [{ port: "no", when: "steps.fetch.output != 'ok'" }] },
          task("validate"),
          { id: "quality", type: "choice", cases: [{ port: "high", when: "steps.validate.output == 'high'" }] },
          transform("fast", "FAST: validated"),
          transform("manual", "MANUAL"),
          transform("finalize", "='DONE: ' + (has(steps.fast.output) ? steps.fast.output : steps.manual.output)"),
          { id: "refuse", type: "fail", code: "NOT_OK" },
        ],
        edges(
          "fetch > ok",
          "ok.no > refuse",
          "ok.otherwise > validate > quality",
          "quality.high > fast > finalize",
          "quality.otherwise > manual > finalize",
        ),
      ),
      handlers: { fetch: () => "ok", validate: () => "high" },
    },
    then: (told) => expect(told.output).toEqual({ finalize: "DONE: FAST: validated" }),
  },
  {
    scenario: "O16-back-to",
    mark: { mapped: "iterations start at 1" },
    name: "O16: a way back clears what lies after its target and keeps what lies before",
    rules: [3],
    given: {
      definitions: flow(
        "o16_back",
        [
          task("step1"),
          task("step2", { input: "=[steps.step1.status, loop.iteration]" }),
          task("step3"),
          { id: "step4", type: "choice", cases: [{ port: "back", when: "loop.iteration == 1" }] },
        ],
        [...edges("step1 > step2 > step3 > step4"), loop("step4", "back", "step2")],
      ),
      handlers: { step2: echo },
    },
    then: (told) => {
      expect(told.outputs("step2")).toEqual([
        ["completed", 1],
        ["completed", 2],
      ]);
      expect(told.count("StepScheduled", "step1")).toBe(1);
    },
  },
  {
    scenario: "O17-skip-to",
    mark: { mapped: "iterations start at 1, and the step that is passed over is skipped" },
    name: "O17: a way forward skips the steps between",
    rules: [1, 2],
    given: {
      definitions: flow(
        "o17_skip",
        [task("step1", { ports: ["skip"] }), task("step2"), task("step3")],
        edges("step1.skip > step3", "step1 > step2 > step3"),
      ),
      handlers: { step1: () => port("skip") },
    },
    then: (told) => expect(told.endings).toEqual(["step1 completed", "step2 skipped", "step3 completed"]),
  },
  {
    scenario: "O19-parallel",
    mark: { mapped: "a parallel group has no events of its own; nothing is asserted on wall-clock time" },
    name: "O19: three steps in parallel are gathered",
    rules: [1, 2],
    given: {
      definitions: flow(
        "o19_parallel",
        [
          task("start"),
          task("users"),
          task("orders"),
          task("products"),
          transform("process", {
            users: "=steps.users.output",
            orders: "=steps.orders.output",
            products: "=steps.products.output",
          }),
        ],
        edges("start > users > process", "start > orders > process", "start > products > process"),
      ),
      handlers: { users: () => 2, orders: () => 2, products: () => 2 },
      held: ["orders", "users"],
    },
    when: async (run) => {
      await run.settle();
      await run.release("users");
      await run.release("orders");
    },
    then: (told) => {
      expect(told.order("StepCompleted")).toEqual(["start", "products", "users", "orders", "process"]);
      expect(told.output).toEqual({ process: { users: 2, orders: 2, products: 2 } });
    },
  },
  ...(
    [
      ["O21-sleep-ms", ["100ms"], 100],
      ["O22-sleep-twice", ["50ms", "50ms"], 100],
      ["O23-sleep-seconds", ["1s"], 1000],
    ] as const
  ).map(
    ([scenario, durations, ms]): Ported => ({
      scenario,
      mark: { mapped: "a sleep is shown by when it ends, on a clock that nobody waits for" },
      name: `${scenario.slice(0, 3)}: ${durations.length === 1 ? "a sleep" : "two sleeps"} of ${durations.join(" and ")}`,
      rules: [1],
      given: naps(scenario.replaceAll("-", "_").toLowerCase(), ...durations),
      then: (told) => {
        expect([told.count("SleepStarted"), told.count("SleepCompleted")]).toEqual([
          durations.length,
          durations.length,
        ]);
        expect(told.events.at(-1)?.at).toBe(`+${ms}`);
      },
    }),
  ),
  {
    scenario: "O27-approve",
    mark: { mapped: "what was given is in data, and who decided in decidedBy" },
    name: "O27: an approval lets it go on",
    rules: [4],
    given: { definitions: review("o27_approve") },
    when: async (run) => {
      await run.settle();
      await run.decide("review", "approved", { data: { approved_by: "Alice" } });
      await run.settle();
    },
    then: (told) => {
      expect(told.one("ApprovalDecided").data.data).toEqual({ approved_by: "Alice" });
      expect(told.output).toEqual({ finish: "finish" });
    },
  },
  {
    scenario: "O28-reject",
    mark: "as it is",
    name: "O28: a rejection that nothing takes fails it, with the reason",
    rules: [4],
    given: { definitions: review("o28_reject") },
    when: async (run) => {
      await run.settle();
      await run.decide("review", "rejected", { comment: "Does not meet requirements" });
      await run.settle();
    },
    then: (told) => {
      expect(told.failure).toEqual({ code: "REJECTED", node: "review" });
      expect(told.one("ApprovalDecided").data.comment).toBe("Does not meet requirements");
    },
  },
  {
    scenario: "O29-approval-timeout",
    mark: "as it is",
    name: "O29: an approval that nobody gives in time fails it",
    rules: [4],
    given: { definitions: review("o29_timeout", { timeout: "1s" }) },
    then: (told) => expect(told.failure).toEqual({ code: "APPROVAL_EXPIRED", node: "review" }),
  },
  {
    scenario: "O30-approve-before-timeout",
    mark: "as it is",
    name: "O30: an approval in time does not expire",
    rules: [4],
    given: { definitions: review("o30_in_time", { timeout: "1s" }) },
    when: async (run) => {
      await run.settle();
      await run.decide("review", "approved");
      await run.finish();
    },
    then: (told) => expect([told.status, told.count("ApprovalExpired")]).toEqual(["completed", 0]),
  },
  {
    scenario: "O43-py-eligibility",
    mark: "as it is",
    name: "O43: outputs of several kinds go from step to step",
    rules: [1],
    given: {
      definitions: flow(
        "o43_eligible",
        [
          task("fetch_user", { input: "=input.user_id" }),
          transform("check", "=steps.fetch_user.output.age >= 18 && steps.fetch_user.output.premium"),
          transform("notify", {
            message: "='Congratulations ' + steps.fetch_user.output.name + '! You are eligible.'",
            sent: "=steps.check.output",
          }),
        ],
        edges("fetch_user > check > notify"),
      ),
      handlers: { fetch_user: (id: number) => ({ id, name: "Alice", age: 30, premium: true }) },
      input: { user_id: 123 },
    },
    then: (told) =>
      expect(told.output).toEqual({ notify: { message: "Congratulations Alice! You are eligible.", sent: true } }),
  },
  {
    scenario: "O44-py-parallel-math",
    mark: "as it is",
    name: "O44: one number goes to three steps at once",
    rules: [1, 2],
    given: {
      definitions: flow(
        "o44_math",
        [
          task("square", { input: "=input.number" }),
          task("cube", { input: "=input.number" }),
          task("factorial", { input: "=input.number" }),
          transform("combine", {
            square: "=steps.square.output",
            cube: "=steps.cube.output",
            factorial: "=steps.factorial.output",
          }),
        ],
        edges("square > combine", "cube > combine", "factorial > combine"),
      ),
      handlers: {
        square: (n: number) => n ** 2,
        cube: (n: number) => n ** 3,
        factorial: (n: number) => Array.from({ length: n }, (_, i) => i + 1).reduce((product, i) => product * i, 1),
      },
      input: { number: 5 },
    },
    then: (told) => expect(told.output).toEqual({ combine: { square: 25, cube: 125, factorial: 120 } }),
  },
  {
    scenario: "O45-py-errors",
    mark: "as it is",
    name: "O45: a user who is old enough is welcomed",
    rules: [2],
    given: welcome("o45_welcome", { user_id: 123, age: 25 }),
    then: (told) =>
      expect(told.output).toEqual({ send_welcome_email: { email_sent: true, recipient: "alice@example.com" } }),
  },
  {
    scenario: "O45-py-errors",
    mark: "as it is",
    name: "O45: one who is too young is not",
    rules: [4],
    given: welcome("o45_young", { user_id: 123, age: 15 }),
    then: notWelcomed("must be 18 or older"),
  },
  {
    scenario: "O45-py-errors",
    mark: "as it is",
    name: "O45: nor is one without an id",
    rules: [4],
    given: welcome("o45_nobody", { age: 25 }),
    then: notWelcomed("user_id is required"),
  },
  {
    scenario: "O45-py-errors",
    mark: "as it is",
    name: "O45: nor is one whom nobody knows",
    rules: [4],
    given: welcome("o45_unknown", { user_id: 999, age: 25 }),
    then: notWelcomed("user 999 not found"),
  },
  {
    scenario: "O48-order",
    mark: "as it is",
    name: "O48: an order is paid, shipped and told of",
    rules: [1],
    given: order("o48_order", ORDER),
    then: (told) => {
      expect(told.outputs("process_payment")).toEqual([250]);
      expect(told.output).toEqual({
        notify: { subject: "Order ORD-123 Shipped!", customer_email: "test@example.com" },
      });
    },
  },
  {
    scenario: "O48-order",
    mark: "as it is",
    name: "O48: what is no order fails as one",
    rules: [4],
    given: order("o48_none", null),
    then: (told) => expect(told.failure?.code).toBe("invalid_order"),
  },
  {
    scenario: "O48-order",
    mark: "as it is",
    name: "O48: what is out of stock fails before it is paid",
    rules: [4],
    given: order("o48_empty", { ...ORDER, items: [{ price: 1, quantity: 0 }] }),
    then: (told) => {
      expect(told.failure?.code).toBe("out_of_stock");
      expect(told.count("StepScheduled", "process_payment")).toBe(0);
    },
  },
  {
    scenario: "O52-poll-and-retry",
    mark: { mapped: "a poll's rounds are counted from 1, and end by a time-out instead of a number" },
    name: "O52: a poll sees it in its third round, and a retry backs off until its fourth attempt",
    rules: [4],
    given: {
      definitions: flow(
        "o52_droplet",
        [
          task("create"),
          task("check", { poll: { until: "output.ip != null", interval: "5s" } }),
          task("configure", { retry: { maxAttempts: 5, initialInterval: "2s", backoff: 2, jitter: 0 } }),
        ],
        edges("create > check > configure"),
      ),
      handlers: {
        check: (_: unknown, { round }) => ({ ip: round === 3 ? "10.0.0.1" : null }),
        configure: (_: unknown, { attempt }) => (attempt < 4 ? fails("CONNECTION", "no route") : "configured"),
      },
    },
    then: (told) => {
      expect(told.all("StepPolled").map(({ data }) => data.nextAt)).toEqual(["+5000", "+10000"]);
      expect(told.all("StepAttemptFailed").map(({ data }) => data.retryAt)).toEqual(["+12000", "+16000", "+24000"]);
      expect(told.output).toEqual({ configure: "configured" });
    },
  },
];
