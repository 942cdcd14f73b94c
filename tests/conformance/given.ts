/** What is given to a behaviour, as hosts need it: handlers by task name, and answers of URLs. */
import type { Definition } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import { compileGraph, HTTP_TASK } from "@/lib/core/definition/graph";
import type { Given, Handler } from "./behaviour";

export function definitionsOf({ definitions }: Given): Definition[] {
  return Array.isArray(definitions) ? [...definitions] : [definitions as Definition];
}

/** Of every task that the definition may dispatch. */
export function handlersFor(definition: Definition, { handlers = {} }: Given): Map<string, Handler> {
  const { nodes } = compileGraph(definition);
  const names = nodes.flatMap(({ task, compensation }) => [task?.task ?? [], compensation?.task ?? []].flat());
  const own = names.filter((name) => name !== HTTP_TASK);
  return new Map(own.map((name) => [name, handlers[name] ?? (() => name)]));
}

export class HttpScript {
  readonly #calls = new Map<string, number>();

  constructor(readonly given: Given) {}

  answer(request: JsonValue): { status: number; headers: { [name: string]: string }; body: JsonValue } {
    const { url } = request as { url: string };
    const answer = this.given.http?.[url];
    if (answer === undefined) throw new Error(`nothing answers at ${url}`);
    const call = (this.#calls.get(url) ?? 0) + 1;
    this.#calls.set(url, call);
    return { status: 200, headers: {}, body: null, ...answer(call) };
  }
}
