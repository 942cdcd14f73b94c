/** One suite, every host: the same workflow gives the same end and the same history, in process and on a server. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ExecutionFailedError, type HistoryEvent } from "@/worker-sdk/src/index";
import { HOSTS, type Host } from "./hosts";
import { SCENARIOS, type Scenario } from "./scenarios";
import { told } from "./told";

beforeAll(async () => {
  for (const host of HOSTS) await host.open();
});
afterAll(async () => {
  for (const host of HOSTS) await host.close();
});

async function play({ make }: Scenario, host: Host): Promise<{ end: Scenario["ends"]; history: HistoryEvent[] }> {
  const { workflow, input = null, drive } = make();
  const run = await host.start(workflow, input);
  await drive?.(run);
  const end = await run.result().then(
    (output) => ({ output }),
    (error: unknown) => {
      if (error instanceof ExecutionFailedError) return { code: error.code };
      throw error;
    },
  );
  return { end, history: await run.history() };
}

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => {
  const histories: HistoryEvent[][] = [];

  it.each(HOSTS.map((host) => [host.name, host] as const))("%s", async (_, host) => {
    const { end, history } = await play(scenario, host);
    expect(end).toMatchObject(scenario.ends);
    histories.push(history);
  });

  it("with the same history", () => {
    const [first, ...others] = histories.map(told);
    expect(others).toHaveLength(HOSTS.length - 1);
    for (const other of others) expect(other).toEqual(first);
  });
});

it("would notice a history that differs", () => {
  const event = { sequence: 1, type: "StepSkipped", at: "", actor: "", command: 1, data: { node: "a", iteration: 1 } };
  const other = { ...event, data: { node: "b", iteration: 1 } };
  expect(told([event as HistoryEvent])).not.toEqual(told([other as HistoryEvent]));
});
