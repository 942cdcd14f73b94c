/** The DSL's own words by name, and a workflow that is only put together: nothing of it runs, so that it needs no engine. */

import { absent } from "../../../worker-sdk/src/dsl/absent";
import { approval } from "../../../worker-sdk/src/dsl/approval";
import { matches, onError, path, when } from "../../../worker-sdk/src/dsl/arms";
import { branched } from "../../../worker-sdk/src/dsl/branched";
import { child } from "../../../worker-sdk/src/dsl/child";
import { choice } from "../../../worker-sdk/src/dsl/choice";
import { completed, failed } from "../../../worker-sdk/src/dsl/end";
import {
  documentOf,
  type Flow,
  flowOf,
  type WorkflowOptions,
  withArrangement,
  withBranch,
  withElements,
  withOutput,
} from "../../../worker-sdk/src/dsl/flow";
import { http } from "../../../worker-sdk/src/dsl/http";
import { backTo, proceed, retry, skipTo, stop } from "../../../worker-sdk/src/dsl/jump";
import { map } from "../../../worker-sdk/src/dsl/map";
import { cel, errorOf, execution, index, input, item, loop, on, outer } from "../../../worker-sdk/src/dsl/references";
import { signal } from "../../../worker-sdk/src/dsl/signal";
import { sleep, sleepUntil } from "../../../worker-sdk/src/dsl/sleep";
import { step } from "../../../worker-sdk/src/dsl/step";
import type { Template } from "../../../worker-sdk/src/dsl/template";
import { text } from "../../../worker-sdk/src/dsl/text";
import { transform } from "../../../worker-sdk/src/dsl/transform";
import type { Definition } from "../../contract/definition";

class Sketch {
  constructor(private readonly flow: Flow) {}

  get elements() {
    return this.flow.elements;
  }
  get result() {
    return this.flow.result;
  }
  timeline(...elements: readonly unknown[]): Sketch {
    return new Sketch(withElements(this.flow, elements));
  }
  branch(after: Parameters<typeof withBranch>[2], arms: object): Sketch {
    return new Sketch(withBranch(this.flow, "branch", after, arms));
  }
  diverge(after: Parameters<typeof withBranch>[2], arms: object): Sketch {
    return new Sketch(withBranch(this.flow, "diverge", after, arms));
  }
  output(value: Template): Sketch {
    return new Sketch(withOutput(this.flow, value));
  }
  arrange(nodes: readonly string[], edges: readonly string[]): Sketch {
    return new Sketch(withArrangement(this.flow, nodes, edges));
  }
  document() {
    return documentOf(this.flow);
  }
}

function workflow(name: string, options: WorkflowOptions = {}): Sketch {
  return new Sketch(flowOf(name, options));
}

export const DSL: ReadonlyMap<string, unknown> = new Map<string, unknown>(
  Object.entries({
    absent,
    approval,
    backTo,
    branched,
    cel,
    child,
    choice,
    completed,
    errorOf,
    execution,
    failed,
    http,
    index,
    input,
    item,
    loop,
    map,
    matches,
    on,
    onError,
    outer,
    path,
    proceed,
    retry,
    signal,
    skipTo,
    sleep,
    sleepUntil,
    step,
    stop,
    text,
    transform,
    when,
    workflow,
  }),
);

/** The document that a workflow stands for; null where its timeline is refused. */
export function documentOfSketch(sketch: unknown): Definition | null {
  if (!(sketch instanceof Sketch)) return null;
  const { definition, findings } = sketch.document();
  return findings.length > 0 ? null : (definition as Definition);
}
