/** Runs one behaviour on one host. */
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import type { Behaviour, Run } from "./behaviour";
import { definitionsOf } from "./given";
import type { Control, Host, Stage } from "./host";
import { normalise, placeIn, type Told } from "./told";

export interface Rehearsal {
  told: Told;
  /** Of all that it started, and of its forks: in the order in which they came to be. */
  others: Told[];
  /** As they are, the first one first. */
  histories: HistoryEvent[][];
  /** What is stored and does not follow from the histories. */
  differences: string[];
}

export async function rehearse(host: Host, { given, when }: Behaviour): Promise<Rehearsal> {
  const definitions = definitionsOf(given);
  const stage = await host.open(given, definitions);
  const theatre = new Theatre(stage);
  try {
    const id = await stage.start(definitions.at(-1)?.name ?? "", given.input ?? null, given.options ?? {});
    const run = theatre.run(id);
    await (when === undefined ? run.finish() : when(run));
    const histories = await theatre.histories(id);
    const [told, ...others] = normalise(histories) as [Told, ...Told[]];
    return { told, others, histories, differences: await stage.close() };
  } catch (error) {
    await stage.close().catch(() => {});
    throw error;
  }
}

/** More would be a loop without an end. */
const TURNS = 2_000;

class Theatre {
  readonly #forks: string[] = [];

  constructor(readonly stage: Stage) {}

  run(id: string): Run {
    const { stage } = this;
    const control = (control: Control) => stage.control(id, control);
    return {
      id,
      settle: () => stage.settle(),
      pass: (ms) => this.#pass(stage.now() + ms),
      finish: () => this.#finish(),
      release: (place) => {
        stage.release(place);
        return stage.settle();
      },
      signal: (signal, payload = null) => control({ type: "signal", signal, payload }),
      decide: async (node, decision, more = {}) =>
        stage.decide(id, await this.#pendingApproval(id, node), { decision, ...more }),
      decideAgain: (approvalId, decision) => stage.decide(id, approvalId, { decision }),
      cancel: (options = {}) => control({ type: "cancel", ...options }),
      terminate: () => control({ type: "terminate" }),
      pause: () => control({ type: "pause" }),
      resume: () => control({ type: "resume" }),
      retry: (options: { fromNode?: string; input?: JsonValue } = {}) => control({ type: "retry", ...options }),
      fork: async ({ at, ...options }) => {
        const events = await stage.history(id);
        const sequence = typeof at === "number" ? at : events.findLast(({ type }) => type === at)?.sequence;
        if (sequence === undefined) throw new Error(`there is no ${at} to fork at`);
        const forked = await stage.fork(id, { at: sequence, ...options });
        this.#forks.push(forked);
        return this.run(forked);
      },
      told: async () => normalise([await stage.history(id)])[0] as Told,
    };
  }

  /** With those of its children, and of its forks with theirs. */
  async histories(id: string): Promise<HistoryEvent[][]> {
    const histories: HistoryEvent[][] = [];
    for (const root of [id, ...this.#forks]) await this.#collect(root, histories, new Set());
    return histories;
  }

  async #collect(id: string, into: HistoryEvent[][], seen: Set<string>): Promise<void> {
    if (seen.has(id)) return;
    seen.add(id);
    const events = await this.stage.history(id);
    if (events.length === 0) return;
    into.push(events);
    const forkedAt = events.findLast(({ type }) => type === "ExecutionForked")?.sequence ?? 0;
    for (const event of events)
      if (event.type === "ChildStarted" && event.sequence > forkedAt)
        await this.#collect(event.data.executionId, into, seen);
  }

  async #pass(until: number): Promise<void> {
    const { stage } = this;
    await stage.settle();
    for (let turn = 0, next = await stage.nextAt(); stage.now() < until || (next ?? until + 1) <= until; turn++) {
      if (turn === TURNS) throw new Error("something comes due again and again");
      await stage.passTo(Math.max(stage.now(), Math.min(next ?? until, until)));
      await stage.settle();
      next = await stage.nextAt();
    }
  }

  async #finish(): Promise<void> {
    await this.stage.settle();
    for (let next = await this.stage.nextAt(); next !== null; next = await this.stage.nextAt()) await this.#pass(next);
  }

  async #pendingApproval(id: string, node: string): Promise<string> {
    const pending = new Map<string, string>();
    for (const event of await this.stage.history(id)) {
      const place = placeIn(event);
      if (event.type === "ApprovalRequested" && place === node) pending.set(node, event.data.approvalId);
    }
    const found = pending.get(node);
    if (found === undefined) throw new Error(`no approval was asked for at ${node}`);
    return found;
  }
}
