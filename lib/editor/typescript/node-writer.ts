/** Writes each node as the constant that stands for it, with its handler still to be written. */
import type { Compensate, Definition, MapGraph, MapTask, Node } from "../../contract/definition";
import { canonicalJson, type JsonValue } from "../../contract/json";
import { type Code, call, json, method, name, object } from "./code";
import { DSL } from "./dsl";
import { Naming } from "./naming";
import { countTasks, readExpressions, withInner } from "./reading";
import { Shapes } from "./shapes";
import { isExpression, type Speech, templateCode, textTemplateCode, typeOfTemplate } from "./spoken";
import type { Part } from "./structure";
import { Unsayable } from "./unsayable";
import { wordsOf } from "./words";

export interface Manner {
  /** Short arms jump past a long one that stands in the timeline. */
  readonly isFlat: boolean;
  /** What the compiler put behind loops that would overlap is taken out again, as it will put it there anew. */
  readonly arePlain: boolean;
  /** Sleeps and ends have the ids that the compiler gives them. */
  readonly areIdsGiven: boolean;
  /** What the compiler hands each node, by id, so that only what differs is written; null: nothing is. */
  readonly handed: ReadonlyMap<string, JsonValue | undefined> | null;
}

export abstract class NodeWriter implements Speech {
  readonly shapes: Shapes;
  protected readonly naming = new Naming([...DSL.keys(), "fromDefinition"]);
  protected readonly workflowName: string;
  protected readonly names = new Map<string, string>();
  protected readonly typeNames = new Map<string | null, string>();
  protected readonly constants: { name: string; code: Code }[] = [];
  private readonly handlers = new Map<string, Code>();
  private readonly tasks: ReadonlyMap<string, number>;
  constructor(
    protected readonly definition: Definition,
    protected readonly manner: Manner,
  ) {
    const nodes = definition.nodes.flatMap(withInner);
    this.shapes = new Shapes(new Map(nodes.map(({ id, type }) => [id, type])));
    this.shapes.readInput(definition.inputSchema as JsonValue | undefined);
    readExpressions(definition, nodes, this.shapes);
    this.tasks = countTasks(nodes);
    for (const node of nodes) if (node.type === "task" && this.isShared(node.task)) this.shapes.leaveOpen(node.id);
    this.workflowName = this.naming.constant(definition.name, "Workflow");
  }

  readonly constantOf = (node: string): string | undefined => this.names.get(node);

  readonly typeName = (of: string | null): string => {
    const known = this.typeNames.get(of);
    const found = known ?? (of === null ? this.naming.type("input", "") : this.naming.type(of, "Output"));
    this.typeNames.set(of, found);
    return found;
  };

  private isShared(task: string): boolean {
    return (this.tasks.get(task) ?? 0) > 1;
  }

  /** Whether the compiler writes this itself. */
  protected isHanded(id: string, value: JsonValue | undefined): boolean {
    const { handed } = this.manner;
    return handed === null || canonicalJson(handed.get(id) ?? ABSENT) === canonicalJson(value ?? ABSENT);
  }

  protected idOption(id: string, base: string): Code | undefined {
    const isOwn = this.manner.areIdsGiven && new RegExp(`^${base}(_\\d+)?$`).test(id);
    return isOwn ? undefined : object([["id", json(id)]]);
  }

  /** A constant for it, or, of a sleep, the thing itself. */
  protected node(node: Extract<Part, { is: "node" }>["node"]): Code {
    if (node.type === "sleep") return this.sleep(node);
    const code = this.nodeCode(node);
    const constant = this.naming.constant(node.id, capital(node.type === "task" ? "step" : node.type));
    this.names.set(node.id, constant);
    this.constants.push({ name: constant, code });
    return name(constant);
  }

  private sleep({ id, type, duration, until, ...options }: Extract<Node, { type: "sleep" }>): Code {
    const given = this.idOption(id, type);
    const members = [...(given?.is === "object" ? given.members : []), ...Object.entries(options).map(jsonMember)];
    const rest = members.length === 0 ? [] : [object(members)];
    if (duration !== undefined && until === undefined) return call("sleep", json(duration), ...rest);
    if (until !== undefined && duration === undefined) return call("sleepUntil", json(until), ...rest);
    throw new Unsayable(`The sleep "${id}" says not how long it is, or twice.`);
  }

  private nodeCode(node: Exclude<Extract<Part, { is: "node" }>["node"], { type: "sleep" }>): Code {
    switch (node.type) {
      case "task": {
        const { id, type, ...task } = node;
        return this.step(task, id);
      }
      case "transform": {
        const { id, type, value, ...options } = node;
        return call("transform", json(id), templateCode(value, this), ...optionsCode(options));
      }
      case "approval": {
        const { id, type, ...options } = node;
        const members = Object.entries(options).map(([key, value]): [string, Code] => [
          key,
          key === "title" || key === "description"
            ? textTemplateCode(value as JsonValue, this)
            : json(value as JsonValue),
        ]);
        return call("approval", json(id), ...(members.length === 0 ? [] : [object(members)]));
      }
      case "signal": {
        const { id, type, signal, ...options } = node;
        const members = Object.entries(options).map(jsonMember);
        if (id !== signal || isExpression(signal)) members.unshift(["id", json(id)]);
        return call("signal", textTemplateCode(signal, this), ...(members.length === 0 ? [] : [object(members)]));
      }
      case "workflow":
        return this.child(node);
      case "http":
        return this.http(node);
      case "map":
        return this.map(node);
    }
  }

  private child({ id, type, workflow, input, ...options }: Extract<Node, { type: "workflow" }>): Code {
    const members = Object.entries(options).map(jsonMember);
    if (!this.isHanded(id, input))
      members.unshift(["input", input === undefined ? name("absent") : templateCode(input, this)]);
    if (id !== workflow) members.unshift(["id", json(id)]);
    return call("child", json(workflow), ...(members.length === 0 ? [] : [object(members)]));
  }

  private http({ id, type, request, ...options }: Extract<Node, { type: "http" }>): Code {
    const { method: verb, url, headers, query, body, ...unknown } = request;
    if (Object.keys(unknown).length > 0) throw new Unsayable(`The request of "${id}" has unknown fields.`);
    const texts =
      headers && Object.entries(headers).map(([key, value]): [string, Code] => [key, textTemplateCode(value, this)]);
    const members: [string, Code | undefined][] = [
      ["method", verb && json(verb)],
      ["url", textTemplateCode(url, this)],
      ["headers", texts && object(texts)],
      ["query", query && templateCode(query, this)],
      ["body", body === undefined ? undefined : templateCode(body, this)],
    ];
    const given = members.flatMap(([key, code]): [string, Code][] => (code === undefined ? [] : [[key, code]]));
    return call("http", json(id), object([...given, ...Object.entries(options).map(jsonMember)]));
  }

  private map({ id, type, items, body, ...options }: Extract<Node, { type: "map" }>): Code {
    return call("map", json(id), this.items(items), this.body(id, body), ...optionsCode(options));
  }

  /** A reference only where it is known to be a list. */
  private items(items: JsonValue): Code {
    if (!isExpression(items)) return templateCode(items, this);
    const words = wordsOf(items.slice(1));
    const isList = words?.is === "reference" && this.shapes.typeAt(words.of, () => "unknown[]").endsWith("[]");
    return isList ? templateCode(items, this) : json(items);
  }

  private body(id: string, body: MapGraph | MapTask): Code {
    if ("nodes" in body) return this.graphBody(id, body);
    const code = this.step(body, body.task, `${id} item`);
    const constant = this.naming.constant(body.task, "Step");
    this.constants.push({ name: constant, code });
    return name(constant);
  }

  /** A map's body as a timeline of its own. */
  protected abstract graphBody(id: string, body: MapGraph): Code;

  /** `key`: by which it is told what it is handed. */
  protected step(fields: MapTask & { join?: Node["join"]; keepLosers?: boolean }, id: string, key = id): Code {
    const { task, input, compensate, poll, concurrencyKey, ...rest } = fields;
    const isHanded = this.isHanded(key, input);
    const members = Object.entries(rest).map(jsonMember);
    if (concurrencyKey !== undefined) members.push(["concurrencyKey", textTemplateCode(concurrencyKey, this)]);
    if (poll !== undefined) members.push(["poll", json(poll as JsonValue)]);
    if (compensate !== undefined) members.push(["compensate", this.compensation(compensate, id)]);
    const known = this.shapes.isKnown(id) && key === id;
    const handler = this.handler(task, this.inputType(input, isHanded), known ? this.typeName(id) : "unknown");
    let code = call("step", json(task), handler, ...(members.length === 0 ? [] : [object(members)]));
    if (id !== task) code = method(code, "as", json(id));
    if (isHanded) return code;
    return method(code, "with", input === undefined ? name("absent") : templateCode(input, this));
  }

  private inputType(input: JsonValue | undefined, isHanded: boolean): string {
    if (input === undefined) {
      const given = this.shapes.isKnown(null) ? this.typeName(null) : "unknown";
      return `{ input: ${given}; steps: { [step: string]: unknown } }`;
    }
    // A group's outputs by name are typed by the compiler where it knows the names, and it does not know all.
    return isHanded && typeof input === "object" ? "unknown" : typeOfTemplate(input, this);
  }

  /** Without input of its own it is handed input and output of its step. */
  private compensation({ task, input, ...options }: Compensate, of: string): Code {
    const output = this.shapes.isKnown(of) ? this.typeName(of) : "unknown";
    const given = input === undefined ? `{ input: unknown; output: ${output} }` : typeOfTemplate(input, this);
    const handler = this.handler(task, given, "unknown");
    const code = call("step", json(task), handler, ...optionsCode(options));
    return input === undefined ? code : method(code, "with", templateCode(input, this));
  }

  /** In its place, or, where several steps share it, once for all of them. */
  private handler(task: string, input: string, output: string): Code {
    if (!this.isShared(task)) return { is: "stub", task, input, output };
    const known = this.handlers.get(task);
    if (known !== undefined) return known;
    const constant = this.naming.constant(`handle_${task}`, "Handler");
    this.constants.push({ name: constant, code: { is: "stub", task, input: "unknown", output: "unknown" } });
    this.handlers.set(task, name(constant));
    return name(constant);
  }
}

/** Stands for a value that is not there, where values are compared. */
const ABSENT = { "": "absent" };

function jsonMember([key, value]: [string, unknown]): [string, Code] {
  return [key, json(value as JsonValue)];
}

export function optionsCode(options: object): Code[] {
  const members = Object.entries(options).map(jsonMember);
  return members.length === 0 ? [] : [object(members)];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
