/** A call that the engine makes itself, without a worker. */
import type { HttpMethod, RetryPolicy, TaskTimeout } from "../types/definition";
import { GraphNode, type JoinOptions } from "./graph-node";
import type { Template, TextTemplate } from "./template";

export interface HttpOptions extends JoinOptions {
  /** Default GET. */
  method?: HttpMethod;
  url: TextTemplate;
  headers?: { readonly [name: string]: TextTemplate };
  query?: { readonly [name: string]: Template };
  /** Text as it is, anything else as JSON. */
  body?: Template;
  /** 408, 425, 429, 5xx and network errors are tried again. */
  retry?: RetryPolicy;
  timeout?: TaskTimeout;
}

export interface HttpResponse<Body> {
  status: number;
  headers: { [name: string]: string };
  /** Parsed, where the answer says that it is JSON; else text. */
  body: Body;
}

export class HttpCall<Name extends string, Body> extends GraphNode<Name, unknown, HttpResponse<Body>, unknown> {
  readonly kind = "http";
  constructor(
    id: Name,
    readonly options: HttpOptions,
  ) {
    super(id);
  }

  /** The same call at another place. */
  as<const Id extends string>(id: Id): HttpCall<Id, Body> {
    return new HttpCall(id, this.options);
  }
}

/**
 * Calls a URL from the server (private addresses are refused there) and gives `{ status, headers, body }` of a 2xx answer.
 * Any other fails the step with `HTTP_ERROR` and the same in `details`.
 *
 *     const rate = http<{ eur: number }>("rate", { url: text`https://rates.example.com/${on(order).currency}` });
 *     const notify = http("notify", { method: "POST", url: "https://hooks.example.com/x", body: { order: on(order) } });
 *
 * In a parallel group, `.as("rate")` lets the compiler know the name of one whose body was named.
 */
export function http<const Name extends string>(id: Name, options: HttpOptions): HttpCall<Name, unknown>;
export function http<Body>(id: string, options: HttpOptions): HttpCall<string, Body>;
export function http(id: string, options: HttpOptions): HttpCall<string, unknown> {
  return new HttpCall(id, options);
}
