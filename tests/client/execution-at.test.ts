/** At every moment of every recorded history, page and server say the same of the execution. */
import { describe, expect, it } from "vitest";
import { executionAt, executionByEvents } from "@/app/_execution/execution-at";
import { FoldedHistory } from "@/app/_execution/folded-history";
import type { Queryable } from "@/db/client";
import type { ExecutionDetailRow } from "@/db/queries/executions";
import type { Execution } from "@/lib/contract/executions";
import { compileGraph } from "@/lib/core/definition/graph";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import { pastView } from "@/lib/views/execution-detail";
import { type RecordedHistory, recordedHistories } from "../histories/recorded";

/** Nothing in a recorded history lies outside its events, so that nothing has to be read. */
const NO_READS = new Proxy({} as Queryable, {
  get(_, name) {
    throw new Error(`reads ${String(name)}`);
  },
});
const CREATED = new Date("2026-01-05T12:00:00.000Z");

function rowOf({ definition, events }: RecordedHistory): ExecutionDetailRow {
  return {
    id: 1n,
    key: null,
    workflow: definition.name,
    version: 1,
    status: "completed",
    tags: [],
    correlation_id: null,
    created_at: CREATED,
    start_at: null,
    started_at: CREATED,
    closed_at: CREATED,
    sequence: events.length,
    forked_from: null,
    has_children: false,
  } as unknown as ExecutionDetailRow;
}

/** As `GET /executions/{id}/state?at=` answers. */
function serverSays(recorded: RecordedHistory, at: number): Promise<Execution> {
  const graph = compileGraph(recorded.definition);
  const graphs = new Map([1, 2, 3].map((version) => [version, graph]));
  return pastView(NO_READS, rowOf(recorded), evolveAll(initialState(graph, graphs), recorded.events.slice(0, at)));
}

function historyOf({ definition, events }: RecordedHistory): FoldedHistory {
  const history = new FoldedHistory();
  for (const version of [1, 2, 3]) history.bind(version, definition);
  for (const event of events) history.append(event);
  history.follow();
  return history;
}

describe("an execution at a moment", () => {
  const all = recordedHistories();

  it.each(all)("of %s is what the server says", async (_, recorded) => {
    const answer = await serverSays(recorded, recorded.events.length);
    const history = historyOf(recorded);
    for (let at = 1; at <= recorded.events.length; at++) {
      const { state } = history.momentAt(at);
      expect(state && executionAt(answer, state), `event ${at}`).toEqual(await serverSays(recorded, at));
    }
  });

  it.each(all)("of %s is told by its events alone, as far as they go", async (_, recorded) => {
    const answer = await serverSays(recorded, recorded.events.length);
    const history = historyOf(recorded);
    for (let at = 1; at <= recorded.events.length; at++) {
      const said = executionByEvents(answer, history.momentAt(at).timeline, at);
      const { sequence, startedAt, closedAt } = await serverSays(recorded, at);
      expect(said, `event ${at}`).toMatchObject({ sequence, startedAt, closedAt });
    }
  });

  it("keeps that an execution is out of service, which no event tells", async () => {
    const [[, recorded]] = all as [[string, RecordedHistory]];
    const answer = await serverSays(recorded, 1);
    const { state } = historyOf(recorded).momentAt(1);
    expect(state && executionAt({ ...answer, status: "quarantined" }, state).status).toBe("quarantined");
  });
});
