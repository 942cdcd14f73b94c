"use client";
/** A step's settings as the engine runs it, each with where it comes from; and the node as it was written. */
import { duration, number, roundDuration } from "@/lib/client/format";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import type { Execution } from "@/lib/contract/executions";
import type { JsonValue } from "@/lib/contract/json";
import { type Setting, settingsOf } from "@/lib/core/definition/settings";
import { CopyButton } from "../../_ui/copy-button";
import { JsonView } from "../../_ui/json-view";
import type { Snapshot } from "../execution-feed";
import { Fact, Facts, TabBody } from "./fact";
import { useGraph } from "./graph-of";

const words = inspectorTexts.configuration;

export function Configuration({
  execution,
  snapshot,
  node,
}: {
  execution: Execution;
  snapshot: Snapshot;
  node: string;
}) {
  const graph = useGraph(execution, snapshot);
  const compiled = graph?.nodes[graph.ordinals.get(node) ?? -1];
  if (!graph || !compiled) return <TabBody label={words.label}>{words.unknown}</TabBody>;
  return (
    <TabBody label={words.label}>
      <p className="text-xs text-ink-3">{words.version(execution.workflow, execution.version)}</p>
      <Facts>
        {settingsOf(graph, compiled).map((setting) => (
          <Fact key={setting.name} name={words.names[setting.name]}>
            <span className="flex items-baseline justify-between gap-2">
              <span className="min-w-0 break-words">{shownValue(setting)}</span>
              <span
                title={words.sourceHint[setting.source]}
                className={`shrink-0 rounded-sm px-1 text-2xs leading-4 ${setting.source === "default" ? "text-ink-3" : "bg-active text-ink-2"}`}
              >
                {words.sources[setting.source]}
              </span>
            </span>
          </Fact>
        ))}
      </Facts>
      <JsonView value={compiled.definition as unknown as JsonValue} title={words.asDefined} />
    </TabBody>
  );
}

function shownValue({ name, value }: Setting): string {
  if (name === "join") return words.join(value as string | number);
  if (value === null) return words.none;
  if (typeof value === "boolean") return value ? words.on : words.off;
  if (typeof value === "object") return value.length === 0 ? words.none : value.join(", ");
  if (typeof value === "string") return value;
  if (name.endsWith("Ms")) return roundDuration(value);
  if (name === "jitter") return `${number(value * 100)} %`;
  return name === "backoff" || name === "pollBackoff" ? `× ${value}` : number(value);
}

/** Of the execution as a whole. */
export function ExecutionConfiguration({ execution, snapshot }: { execution: Execution; snapshot: Snapshot }) {
  const graph = useGraph(execution, snapshot);
  const timeoutMs = snapshot.state?.timeoutMs ?? graph?.timeoutMs ?? null;
  return (
    <Facts>
      <Fact name={words.timeout}>{timeoutMs === null ? words.none : duration(timeoutMs)}</Fact>
      <Fact name={words.hash}>
        <span className="flex items-center gap-1">
          <span title={execution.hash} className="min-w-0 truncate font-mono text-2xs">
            {execution.hash}
          </span>
          <CopyButton value={execution.hash} label={words.copyHash} className="-my-1" />
        </span>
      </Fact>
    </Facts>
  );
}
