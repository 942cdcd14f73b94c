/** A trial in the form in which the server tells an execution, and the queries of its views, answered from it. */
import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { ApiError } from "@/lib/client/api";
import { keys } from "@/lib/client/queries";
import type { Execution } from "@/lib/contract/executions";
import { trialId } from "@/lib/contract/trials";
import type { WorkflowVersion } from "@/lib/contract/workflows";
import { factsOf } from "@/lib/core/execution/facts";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import { toInstant } from "@/lib/core/time";
import { TRIAL_VERSION, type TrialRun } from "@/lib/editor/trial/trial-run";

export function trialExecution(run: TrialRun): Execution {
  const { state, startedAt, clock } = run;
  return {
    id: trialId("execution", 0),
    workflow: state.workflow,
    key: state.key,
    tags: [...state.tags],
    correlationId: state.correlationId,
    createdAt: toInstant(startedAt),
    startAt: null,
    ...factsOf(state),
    // Its views go by the clock of the trial: to them its present is where it ends.
    closedAt: toInstant(state.closedAt ?? clock),
    input: run.value(state.input),
    output: state.output === null ? null : run.value(state.output),
    children: null,
    forkedFrom: null,
    waitingFor: waitingFor(state),
    steps: [],
    stepsCursor: null,
  };
}

interface Asked {
  queryKey: QueryKey;
}

/** Nothing that views ask goes to the server. */
export function trialQueryClient(run: TrialRun): QueryClient {
  const client = new QueryClient();
  const defaulted = client.defaultQueryOptions.bind(client) as (options: Asked) => Asked;
  const answered = (options: Asked): Asked & object => {
    const own = {
      queryFn: async () => answerOf(run, options.queryKey),
      retry: false,
      staleTime: Number.POSITIVE_INFINITY,
      refetchInterval: false,
      networkMode: "always",
    };
    return { ...defaulted(options), ...own };
  };
  client.defaultQueryOptions = answered as QueryClient["defaultQueryOptions"];
  return client;
}

/** Throws the refusal of a server that has no such thing. */
function answerOf(run: TrialRun, [about, ...rest]: QueryKey): unknown {
  const { workflow } = run.state;
  const found =
    about === keys.version(workflow, TRIAL_VERSION)[0]
      ? versionOf(run)
      : about === "value"
        ? run.values.get(String(rest[1]))
        : about === keys.execution("")[0] && rest.length === 1
          ? trialExecution(run)
          : undefined;
  if (found === undefined) throw new ApiError("", 404, "NOT_FOUND", null);
  return found;
}

function versionOf({ definition, startedAt, state }: TrialRun): WorkflowVersion {
  return {
    name: definition.name,
    version: TRIAL_VERSION,
    hash: state.hash,
    definition: definition as unknown as WorkflowVersion["definition"],
    publishedAt: toInstant(startedAt),
    publishedBy: "",
    note: null,
  };
}
