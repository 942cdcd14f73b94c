/** What the DSL's words take and give, as the compiler sees it: results are typed from step to step, what does not fit is refused. */
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type Approved,
  approval,
  askApproval,
  backTo,
  child,
  completed,
  type ErrorInfo,
  type Expired,
  errorOf,
  execution,
  failed,
  failForGood,
  http,
  type ItemResult,
  input,
  item,
  loop,
  map,
  matches,
  on,
  onError,
  outer,
  path,
  port,
  proceed,
  type Rejected,
  retry,
  type StepContext,
  signal,
  skipTo,
  sleep,
  sleepFor,
  step,
  text,
  transform,
  type Workflow,
  when,
  workflow,
} from "@/worker-sdk/src/index";

interface User {
  name: string;
  age: number;
  address: { city: string; country?: string };
}
interface Order {
  id: number;
  lines: { price: number }[];
}
const fetchUser = step(
  "fetch_user",
  async (_: { id: string }): Promise<User> => ({ name: "Ada", age: 36, address: { city: "London" } }),
);
const welcome = step("welcome", async (user: User) => ({ sent: user.name }));
const count = step("count", (n: number) => n);
const charge = step("charge", async (order: Order) => ({ paid: order.lines.length }));

type InputOf<W> = W extends Workflow<infer Input, unknown, string> ? Input : never;
type OutputOf<W> = W extends Workflow<never, infer Output, string> ? Output : never;
const gives = <Output>(_: Workflow<never, Output, string>) => expectTypeOf<Output>();

describe("steps", () => {
  it("are given what the one before returned, through sleeps, and nothing else", () => {
    const built = workflow("w").timeline(sleep("1h"), fetchUser, sleep("1h"), welcome);
    expectTypeOf<InputOf<typeof built>>().toEqualTypeOf<{ id: string }>();
    expectTypeOf<OutputOf<typeof built>>().toEqualTypeOf<{ sent: string }>();
    // @ts-expect-error welcome takes a user
    workflow("w").timeline(count, welcome);
    // @ts-expect-error nor does a sleep between help
    workflow("w").timeline(count, path(sleep("1h"), welcome));
    // @ts-expect-error charge takes an order
    workflow("w").timeline(fetchUser, [welcome, charge]);
    // @ts-expect-error count takes a number, and nothing is both
    workflow("w").timeline(fetchUser, [welcome, count]);
    const lists = workflow("w").timeline([welcome, count.with(1), path(sleep("1h"), welcome.as("again"))]);
    expectTypeOf<InputOf<typeof lists>>().toEqualTypeOf<User>();
  });

  it("take with() by the handler's type: values, references, CEL", () => {
    welcome.with({
      name: on(fetchUser).name,
      age: "=steps.fetch_user.output.age + 1",
      address: { city: text`${on(fetchUser).name}` },
    });
    welcome.with(on(fetchUser));
    count.with(on(fetchUser).age);
    count.with("=1 + 1");
    // @ts-expect-error a name is no number
    count.with(on(fetchUser).name);
    // @ts-expect-error text that is no CEL is none either
    count.with("12");
    // @ts-expect-error the address is missing
    welcome.with({ name: "Ada", age: 36 });
    // @ts-expect-error there is no such member
    welcome.with({ name: "Ada", age: 36, address: { city: "London" }, nobody: 1 });
    // @ts-expect-error it may be missing
    step("s", (_: string) => 1).with(on(fetchUser).address.country);
    step("s", (_: string) => 1).with(on(fetchUser).address.country.orElse("GB"));
    step("any", () => 1).with({ whatever: [on(fetchUser).age, null] });
    // @ts-expect-error a closure is no data
    step("any", () => 1).with({ whatever: () => 1 });
  });

  it("give what their directives complete with", () => {
    const rest = step("rest", async (n: number) => (n > 1 ? sleepFor("1d", { data: { at: new Date() } }) : n));
    gives(workflow("w").timeline(rest)).toEqualTypeOf<number | { at: string }>();
    const ask = step("ask", () => askApproval({ form: { type: "object", properties: { sum: { type: "number" } } } }));
    gives(workflow("w").timeline(ask)).toEqualTypeOf<Approved<{ sum?: number }>>();
    const resume = step("resume", (_: null, ctx) =>
      ctx.resumed === undefined ? sleepFor("1d", { then: "resume", name: "nap", data: 1 }) : "rested",
    );
    gives(workflow("w").timeline(resume)).toEqualTypeOf<"rested">();
    const refuse = step("refuse", (n: number) => (n > 1 ? failForGood("too many") : n));
    gives(workflow("w").timeline(refuse)).toEqualTypeOf<number>();
    const actions = step("act", (n: number) => (n > 1 ? backTo("count") : n), { actions: [backTo("count")] });
    gives(workflow("w").timeline(count, actions)).toEqualTypeOf<number>();
    step("both", (n: number) => (n > 1 ? port("x", 1) : n > 2 ? retry() : n), { ports: ["x"], actions: [retry()] });
    // @ts-expect-error a port that the handler chooses is declared
    step("undeclared", (n: number) => (n > 1 ? port("x", 1) : n));
    // @ts-expect-error a jump that it ends with is, too
    step("undeclared", async (n: number) => (n > 1 ? backTo("count") : n), { ports: ["x"] });
    // @ts-expect-error and both, where it does both
    step("undeclared", async (n: number) => (n > 1 ? backTo("x") : port("x")), { actions: [backTo("x")] });
    step("anything", (_: unknown) => JSON.parse("1"));
    // @ts-expect-error what is to be resumed has a name
    sleepFor("1d", { then: "resume" });
    // @ts-expect-error so does an approval
    askApproval({ then: "resume" });
  });

  it("may poll until a condition on their own result, and compensate with a step that takes what it is given", () => {
    const check = step("check", async (_: { job: string }) => ({ state: "done", left: 0 }), {
      poll: { until: (output, round) => output.state.eq("done").or(round.gt(3)), interval: "10s" },
    });
    gives(workflow("w").timeline(check)).toEqualTypeOf<{ state: string; left: number }>();
    step("check", () => ({ state: "done" }), { poll: { until: "output.state == 'done'" } });
    // @ts-expect-error it returns no such field
    step("check", () => ({ state: "done" }), { poll: { until: (output) => output.status.eq("done") } });
    // @ts-expect-error state is text
    step("check", () => ({ state: "done" }), { poll: { until: (output) => output.state.gt(1) } });
    // @ts-expect-error this is decided here and now, not by the engine
    step("check", () => ({ state: "done" }), { poll: { until: (output) => String(output.state) === "done" } });

    const refund = step("refund", async (_: { input: Order; output: { paid: number } }) => null);
    step("charge", async (order: Order) => ({ paid: order.id }), { compensate: refund });
    step("charge", async (order: Order) => ({ paid: order.id }), { compensate: refund.with("=steps.charge") });
    step("charge", async (order: Order) => ({ paid: order.id }), {
      compensate: { task: "refund", input: { order: input() } },
    });
    // @ts-expect-error paid is a number
    step("charge", async (order: Order) => ({ paid: `${order.id}` }), { compensate: refund });
    // @ts-expect-error it is given {input, output}
    step("charge", async (order: Order) => ({ paid: order.id }), { compensate: charge });
  });
});

describe("the context of a handler", () => {
  it("gives what was recorded, as JSON, and outcomes of approvals to tell apart", async () => {
    const use = async (ctx: StepContext) => {
      expectTypeOf(await ctx.run("made", () => ({ at: new Date() }))).toEqualTypeOf<{ at: string }>();
      expectTypeOf(await ctx.run("made", async () => 5)).toEqualTypeOf<number>();
      expectTypeOf(await ctx.sleep("nap", "1d")).toEqualTypeOf<void>();
      const answer = await ctx.approval("ok", {
        form: { type: "object", properties: { sum: { type: "number" } }, required: ["sum"] },
      });
      if (answer.decision === "approved") expectTypeOf(answer.data).toEqualTypeOf<{ sum: number }>();
      if (answer.decision === "expired") expectTypeOf(answer.decidedBy).toEqualTypeOf<null>();
      const named = await ctx.approval<Order>("ok", { title: "?" });
      if (named.decision === "approved") expectTypeOf(named.data).toEqualTypeOf<Order>();
      if (ctx.resumed?.kind === "approval" && ctx.resumed.decision === "rejected")
        expectTypeOf(ctx.resumed.comment).toEqualTypeOf<string | null>();
    };
    expectTypeOf(use).toBeFunction();
  });
});

describe("approvals, signals, calls and children", () => {
  const signOff = approval("sign_off", {
    title: text`Hire ${on(fetchUser).name}?`,
    assignees: [on(fetchUser).name, "hr"],
    form: {
      type: "object",
      properties: { salary: { type: "integer" }, note: { type: ["string", "null"] }, level: { enum: ["a", "b"] } },
      required: ["salary"],
    },
    timeout: "=input.days",
  });
  type Answer = Approved<{ salary: number; note?: string | null; level?: "a" | "b" }>;

  it("type an approval's data by its form, and its ports by what they carry", () => {
    const built = workflow("w").timeline(fetchUser, signOff);
    gives(built).toEqualTypeOf<Answer>();
    const why = step("why", (no: Rejected) => no.comment);
    const escalate = step("escalate", (late: Expired) => late.decision);
    gives(built.branch(signOff, { rejected: why, expired: escalate })).toEqualTypeOf<
      Answer | string | null | "expired"
    >();
    // @ts-expect-error rejected carries no user
    built.branch(signOff, { rejected: welcome });
    on(signOff).data.salary.gt(5);
    // @ts-expect-error the form has no such field
    on(signOff).data.sallary.gt(5);
    gives(workflow("w").timeline(approval("plain"))).toEqualTypeOf<Approved<unknown>>();
  });

  it("type a signal's payload and a call's body as named, a child's output by its workflow", () => {
    const paid = signal<{ amount: number }>("paid", { timeout: "3d" });
    gives(workflow("w").timeline(paid)).toEqualTypeOf<{ amount: number }>();
    gives(workflow("w").timeline([paid.as("paid"), signal("seen")])).toEqualTypeOf<{
      paid: { amount: number };
      seen: unknown;
    }>();
    const rate = http<{ eur: number }>("rate", { url: text`https://x/${on(fetchUser).name}` });
    on(rate).body.eur.gt(1);
    on(rate).status.eq(200);
    const shipping = workflow("shipping").timeline(charge);
    gives(workflow("w").timeline(child(shipping))).toEqualTypeOf<{ paid: number }>();
    gives(
      workflow("w").timeline(fetchUser, child(shipping, { input: { id: 1, lines: [] }, version: 2 })),
    ).toEqualTypeOf<{ paid: number }>();
    gives(
      workflow("w").timeline(charge.with({ id: 1, lines: [] }), child(shipping, { input: "=input", wait: false })),
    ).toEqualTypeOf<{ executionId: string }>();
    gives(workflow("w").timeline(child<string>("other"))).toEqualTypeOf<string>();
    gives(workflow("w").timeline(fetchUser, child(shipping).with({ id: on(fetchUser).age, lines: [] }))).toEqualTypeOf<{
      paid: number;
    }>();
    // @ts-expect-error shipping takes an order
    workflow("w").timeline(fetchUser, child(shipping));
    // @ts-expect-error so does its input
    child(shipping, { input: { id: "1" } });
  });

  it("type a transform by the references in it", () => {
    const mail = transform("mail", { to: on(fetchUser).name, age: on(fetchUser).age, kind: "plain", all: "=input" });
    expectTypeOf<(typeof mail)["types"]>().toEqualTypeOf<
      | undefined
      | {
          accepts: (input: unknown) => void;
          out: { to: string; age: number; kind: "plain"; all: unknown };
          ports: unknown;
        }
    >();
    gives(workflow("w").timeline(fetchUser, transform<number>("n", "=1"))).toEqualTypeOf<number>();
    gives(
      workflow("w")
        .timeline(fetchUser)
        .output({ name: on(fetchUser).name, ok: true }),
    ).toEqualTypeOf<{ name: string; ok: true }>();
    gives(workflow("w").timeline(fetchUser).output<number>("=1")).toEqualTypeOf<number>();
  });
});

describe("maps", () => {
  const orders = step("orders", async (_: null): Promise<{ all: Order[]; vip?: Order[] }> => ({ all: [] }));

  it("hand each item to their body and give the list of what it returned", () => {
    gives(workflow("w").timeline(orders, map("each", on(orders).all, charge))).toEqualTypeOf<{ paid: number }[]>();
    gives(
      workflow("w").timeline(orders, map("each", on(orders).all, charge, { failure: "continue", concurrency: 5 })),
    ).toEqualTypeOf<ItemResult<{ paid: number }>[]>();
    gives(workflow("w").timeline(orders, map("each", on(orders).all, path(charge, sleep("1h"))))).toEqualTypeOf<
      { paid: number }[]
    >();
    const one = workflow("one").timeline(charge).output({ id: item<Order>().id });
    gives(workflow("w").timeline(orders, map("each", on(orders).all, one))).toEqualTypeOf<{ id: number }[]>();
    gives(workflow("w").timeline(orders, map("each", "=steps.orders.output.all", charge))).toEqualTypeOf<
      { paid: number }[]
    >();
    const list = step("list", async (_: null): Promise<Order[]> => []);
    gives(workflow("w").timeline(list, map("each", charge))).toEqualTypeOf<{ paid: number }[]>();
    gives(workflow("w").timeline(map("each", [1, 2], count))).toEqualTypeOf<number[]>();
    gives(workflow("w").timeline(orders, map("each", on(orders).all, path(sleep("1h"))))).toEqualTypeOf<Order[]>();
    gives(
      workflow("w").timeline(
        orders,
        map(
          "each",
          on(orders).all,
          map(
            "lines",
            item<Order>().lines,
            step("l", (line: { price: number }) => line.price),
          ),
        ),
      ),
    ).toEqualTypeOf<number[][]>();
    // @ts-expect-error count takes a number, an item is an order
    map("each", on(orders).all, count);
    map("each", on(orders).all, count.with(item<Order>().id));
    // @ts-expect-error all is no list of numbers
    workflow("w").timeline(orders, map("each", count));
    // @ts-expect-error what is no list has no items
    map("each", on(orders), count);
    outer<Order>().item.lines;
  });
});

describe("branches and divergence", () => {
  const built = workflow("w").timeline(fetchUser);

  it("refuse conditions and patterns on fields that the step does not return", () => {
    // @ts-expect-error there is no such field
    built.diverge(fetchUser, { minor: when(on(fetchUser).agee.lt(18), retry()) });
    // @ts-expect-error nor in a pattern
    built.diverge(fetchUser, { minor: matches({ agee: 18 }, retry()) });
    // @ts-expect-error nor deeper in it
    built.diverge(fetchUser, { minor: matches({ address: { town: "Rome" } }, retry()) });
    // @ts-expect-error age is a number
    built.diverge(fetchUser, { minor: matches({ age: "18" }, retry()) });
    // @ts-expect-error a closure is no condition
    expect(() => when((user: User) => user.age < 18, retry())).toThrow(/is a function/);
    built.diverge(fetchUser, { minor: matches({ age: 18, address: { city: "Rome" } }, retry()) });
    built.branch(fetchUser, { minor: matches({ age: 18 }, welcome) });
    // @ts-expect-error count takes a number, in a group too
    built.branch(fetchUser, { x: when("true", welcome), otherwise: [welcome, count] });
    // @ts-expect-error nor is there anything that both take
    built.branch(fetchUser, { both: when("true", [welcome, count]) });
  });

  it("hand the result to rules on the result, the error to rules on the error", () => {
    const told = step("told", (error: ErrorInfo) => error.code);
    const diverged = built.diverge(fetchUser, {
      minor: when(on(fetchUser).age.lt(18), welcome),
      gone: onError("NOT_FOUND", told),
      slow: onError(["HTTP_*", "TIMEOUT"], sleep("1h"), retry({ maxIterations: 3 })),
      odd: onError({ code: "ODD", details: { status: 404 } }, failed()),
      other: onError(errorOf(fetchUser).message.eq("x"), proceed()),
    });
    gives(diverged).toEqualTypeOf<User | { sent: string } | string | ErrorInfo>();
    // @ts-expect-error a rule on the error is handed the error
    built.diverge(fetchUser, { gone: onError("NOT_FOUND", welcome) });
    // @ts-expect-error so is what no rule takes
    built.diverge(fetchUser, { error: welcome });
    // @ts-expect-error a rule on the error is no arm of a branch
    built.branch(fetchUser, { gone: onError("NOT_FOUND", told) });
    // @ts-expect-error an error has no such field
    onError({ kode: "X" }, told);
  });

  it("let jumps and ends give nothing, and hold a skip to what its target takes", () => {
    const report = step("report", (_: User) => 1);
    gives(
      built.diverge(fetchUser, {
        again: when("true", backTo(fetchUser)),
        no: when("true", failed("NO")),
        yes: when("true", completed(1)),
        otherwise: skipTo("later"),
      }),
    ).toEqualTypeOf<never>();
    gives(
      built.diverge(fetchUser, {
        again: when("true", backTo(fetchUser, { carry: on(fetchUser).age })),
        otherwise: proceed(),
      }),
    ).toEqualTypeOf<User>();
    built.diverge(fetchUser, { on: when("true", skipTo(report)) });
    built.diverge(fetchUser, { on: when("true", welcome, skipTo(report.with(on(fetchUser)))) });
    // @ts-expect-error report takes a user, welcome gives none
    built.diverge(fetchUser, { on: when("true", welcome, skipTo(report)) });
    // @ts-expect-error count takes a number
    built.diverge(fetchUser, { on: when("true", skipTo(count)) });
  });

  it("add up where a step has several", () => {
    const told = step("told", (_: User) => 1);
    const added = built.branch(fetchUser, { a: when("true", welcome) }).branch(fetchUser, { b: when("true", told) });
    gives(added).toEqualTypeOf<User | { sent: string } | number>();
    gives(added.branch(fetchUser, { otherwise: told.as("x"), c: when("true", told.as("y")) })).toEqualTypeOf<
      User | { sent: string } | number
    >();
  });

  it("hold rules in the middle to what the steps after them were promised", () => {
    const long = workflow("w").timeline(fetchUser, welcome);
    gives(long.diverge(fetchUser, { again: when("true", retry()) })).toEqualTypeOf<{ sent: string }>();
    const say = step("say", () => "text");
    // @ts-expect-error welcome was promised a user
    long.diverge(fetchUser, { on: when("true", say) });
  });

  it("take a step's own ports", () => {
    const sort = step("sort", (n: number) => (n > 1 ? port("big", { n }) : "small"), { ports: ["big"] });
    const big = step("big_one", (_: { n: number }) => true);
    gives(workflow("w").timeline(sort).diverge(sort, { big })).toEqualTypeOf<"small" | boolean>();
    gives(workflow("w").timeline(sort).diverge(sort, { big: retry() })).toEqualTypeOf<"small">();
  });
});

describe("references", () => {
  it("know what execution and loop hold", () => {
    execution().version.gt(1);
    // @ts-expect-error there is no such fact
    execution().nobody;
    loop<string[]>().iteration.gt(2);
    step("s", (_: string[] | null) => 1).with(loop<string[]>().value);
    // @ts-expect-error null in the first turn
    step("s", (_: string[]) => 1).with(loop<string[]>().value);
    loop<string, number>().outer.value.eq(1);
  });
});
