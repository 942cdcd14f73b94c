/**
 * The query cache of a file's pages: whatever they ask for by the keys of the room is answered from the file, and nothing
 * ever from a server. What is computed in the page itself, such as a graph's layout, is computed as always.
 */
import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { ApiError } from "@/lib/client/api";
import { keys } from "@/lib/client/queries";
import { executionIn, versionIn } from "./file-answers";
import type { OpenedFile } from "./history-file";

/** First words of keys whose queries ask nobody. */
const COMPUTED = new Set(["graph-layout"]);

interface Asked {
  queryKey: QueryKey;
}

export function fileQueryClient(file: OpenedFile): QueryClient {
  const client = new QueryClient();
  const defaulted = client.defaultQueryOptions.bind(client) as (options: Asked) => Asked;
  // Each query passes here before it is run, whatever its own options say.
  client.defaultQueryOptions = ((options: Asked) => {
    const full = defaulted(options);
    if (COMPUTED.has(String(full.queryKey[0]))) return full;
    return {
      ...full,
      queryFn: async () => answerOf(file, full.queryKey),
      retry: false,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
      refetchInterval: false,
      networkMode: "always",
    };
  }) as QueryClient["defaultQueryOptions"];
  return client;
}

/** Throws the refusal of a server that has no such thing. */
function answerOf(file: OpenedFile, [about, ...rest]: QueryKey): unknown {
  const { execution, values } = file.history;
  const found =
    about === keys.execution(execution.id)[0] && rest.length === 1
      ? executionIn(file)
      : about === keys.version(execution.workflow, execution.version)[0]
        ? versionIn(file, Number(rest[1]))
        : about === "value"
          ? values[String(rest[1])]
          : undefined;
  if (found === undefined || found === null) throw new ApiError("", 404, "NOT_FOUND", null);
  return found;
}
