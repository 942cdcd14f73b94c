/** A body that is run once for each item of a list. */
import { DefinitionError } from "../errors";
import { checkElement } from "./check-element";
import { type Body, MapItems, type MapOptions } from "./elements";
import type { HasFlow, Mapped } from "./flow-types";
import type { Expression } from "./references";
import { type Template, type TemplateOf, templateJson } from "./template";

interface WrongItem<Item, Wants> {
  "the body cannot take an item; give its first step its input with .with({ item: item() })": {
    item: Item;
    wants: Wants;
  };
}
type FitsItem<Item, In> = unknown extends Item ? unknown : [Item] extends [In] ? unknown : WrongItem<Item, In>;

/** A workflow as a body: what it is made of. */
interface Flow {
  readonly elements: Body["elements"];
  readonly result: Body["output"];
}

/**
 * Runs a body once for each item, many at a time, and gives the list of what it returned, in the items' order. The body
 * is a step, a `path(…)`, or a workflow, whose steps then stand in this one; its first step is handed the item.
 *
 *     map("charge_all", on(fetchOrders).orders, charge, { concurrency: 10 })
 *     map("import", path(parse, validate, store), { failure: "continue" })
 *
 * Without `items` it takes the list that the element before gives. In the body `item()`, `index()` and, in a map
 * inside a map, `outer()` name what it is about; it also sees steps that come before the map. At most 10,000 items.
 *
 * @throws DefinitionError for a body that is none, or items that JSON cannot hold.
 */
export function map<const Name extends string, Item, In, Out, const Options extends MapOptions = { failure: "stop" }>(
  id: Name,
  items: Expression<readonly Item[]> | `=${string}` | readonly TemplateOf<Item>[],
  body: HasFlow<In, Out> & FitsItem<NoInfer<Item>, In>,
  options?: Options,
): MapItems<Name, unknown, Mapped<Item, Out, Options>>;
export function map<const Name extends string, In, Out, const Options extends MapOptions = { failure: "stop" }>(
  id: Name,
  body: HasFlow<In, Out>,
  options?: Options,
): MapItems<Name, readonly In[], Mapped<In, Out, Options>>;
export function map(id: string, ...args: readonly unknown[]): MapItems<string, never, unknown> {
  const [items, body, options] = isBody(args[0]) ? [undefined, ...args] : args;
  if (items !== undefined) templateJson(items, `The items of map "${id}"`);
  return new MapItems(id, items as Template | undefined, bodyOf(body, id), (options ?? {}) as MapOptions);
}

function isBody(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && ("kind" in value || isFlow(value));
}

function isFlow(value: object): value is Flow {
  return "elements" in value && "result" in value;
}

function bodyOf(body: unknown, id: string): Body {
  if (typeof body === "object" && body !== null && isFlow(body)) {
    if (body.elements.length > 0) return { elements: body.elements, output: body.result };
    throw new DefinitionError(`The body of map "${id}" is a workflow without steps. Give it a timeline first.`);
  }
  return { elements: [checkElement(body, `The body of map "${id}"`)] };
}
