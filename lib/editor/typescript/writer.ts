/** Writes a definition as the module that a person would write: a constant for each step, and a timeline of them. */
import type {
  ChoiceNode,
  Compensate,
  Definition,
  Edge,
  FailNode,
  MapGraph,
  MapTask,
  Node,
  SucceedNode,
} from "../../contract/definition";
import { canonicalJson, type JsonValue } from "../../contract/json";
import { type Code, call, json, list, method, name, object } from "./code";
import { DSL } from "./dsl";
import { withoutGates } from "./gates";
import { Naming } from "./naming";
import { errorCode, resultCode } from "./rules";
import { Shapes } from "./shapes";
import { conditionCode, isExpression, type Speech, templateCode, textTemplateCode, typeOfTemplate } from "./spoken";
import { type Arm, type Part, type Parts, structureOf } from "./structure";
import { Unsayable } from "./unsayable";
import { equalities, wordsOf } from "./words";

export interface Written {
  readonly constants: readonly { readonly name: string; readonly code: Code }[];
  readonly workflow: { readonly name: string; readonly code: Code };
  /** Declarations of the types that the constants name. */
  readonly types: readonly string[];
}

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

/** @throws Unsayable */
export function written(definition: Definition, manner: Manner): Written {
  return new Writer(definition, manner).module();
}

interface Around {
  /** The step on whose error it stands. */
  readonly errorOf: string | null;
  /** The step whose rules are around it, where they are written as such. */
  readonly rulesOf: string | null;
}
const NOWHERE: Around = { errorOf: null, rulesOf: null };

class Writer implements Speech {
  readonly shapes: Shapes;
  private readonly naming = new Naming([...DSL.keys(), "fromDefinition"]);
  private readonly workflowName: string;
  private readonly names = new Map<string, string>();
  private readonly typeNames = new Map<string | null, string>();
  private readonly constants: { name: string; code: Code }[] = [];
  private readonly handlers = new Map<string, Code>();
  private readonly tasks: ReadonlyMap<string, number>;
  constructor(
    private readonly definition: Definition,
    private readonly manner: Manner,
  ) {
    const nodes = definition.nodes.flatMap(withInner);
    this.shapes = new Shapes(new Map(nodes.map(({ id, type }) => [id, type])));
    this.shapes.readInput(definition.inputSchema as JsonValue | undefined);
    readExpressions(definition, nodes, this.shapes);
    this.tasks = countTasks(nodes);
    for (const node of nodes) if (node.type === "task" && this.isShared(node.task)) this.shapes.leaveOpen(node.id);
    this.workflowName = this.naming.constant(definition.name, "Workflow");
  }

  module(): Written {
    const { definition } = this;
    const parts = this.structure(definition);
    const start: Code = this.shapes.isKnown(null)
      ? { is: "call", of: name("workflow"), types: this.typeName(null), args: this.begin() }
      : call("workflow", ...this.begin());
    let code = this.timeline(start, parts);
    const { output } = definition;
    if (!this.isHanded("", output))
      code = method(code, "output", output === undefined ? name("absent") : templateCode(output, this));
    const types = [...this.typeNames].map(([of, type]) => this.shapes.declare(of, type));
    return { constants: this.constants, workflow: { name: this.workflowName, code }, types };
  }

  readonly constantOf = (node: string): string | undefined => this.names.get(node);

  readonly typeName = (of: string | null): string => {
    const known = this.typeNames.get(of);
    const found = known ?? (of === null ? this.naming.type("input", "") : this.naming.type(of, "Output"));
    this.typeNames.set(of, found);
    return found;
  };

  private structure(graph: Pick<MapGraph, "nodes" | "edges">): Parts {
    return structureOf(this.manner.arePlain ? withoutGates(graph) : graph, this.manner.isFlat);
  }

  private begin(): Code[] {
    const { format, name: called, nodes, edges, output, ...options } = this.definition;
    if (format !== undefined && format !== 1) throw new Unsayable("Its format is not 1.");
    const members = Object.entries(options).map(([key, value]): [string, Code] => [key, json(value as JsonValue)]);
    if (format === undefined) members.push(["format", name("absent")]);
    return members.length === 0 ? [json(called)] : [json(called), object(members)];
  }

  private constant(node: string): string {
    const found = this.names.get(node);
    if (found === undefined) throw new Unsayable(`"${node}" is spoken of before it is there.`);
    return found;
  }

  private isShared(task: string): boolean {
    return (this.tasks.get(task) ?? 0) > 1;
  }

  /** Whether the compiler writes this itself. */
  private isHanded(id: string, value: JsonValue | undefined): boolean {
    const { handed } = this.manner;
    return handed === null || canonicalJson(handed.get(id) ?? ABSENT) === canonicalJson(value ?? ABSENT);
  }

  /** Steps one after another, broken where one branches. */
  private timeline(start: Code, parts: Parts): Code {
    let code = start;
    let row: Code[] = [];
    const flush = () => {
      if (row.length > 0) code = method(code, "timeline", ...row);
      row = [];
    };
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      const next = parts[i + 1];
      const after = part?.is === "node" ? part.node.id : null;
      if (part === undefined) break;
      row.push(...this.elements([part], NOWHERE));
      if (after === null) continue;
      const rules = next?.is === "rules" ? next : null;
      const decision = parts[i + (rules === null ? 1 : 2)];
      const own = decision?.is === "choice" && isOwnChoice(decision.node, after) ? decision : null;
      if (rules === null && own === null) continue;
      flush();
      for (const { word, arms } of this.rules(after, rules, own, NOWHERE))
        code = method(code, word, name(this.constant(after)), object(arms));
      i += (rules === null ? 0 : 1) + (own === null ? 0 : 1);
    }
    flush();
    return code;
  }

  private elements(parts: Parts, around: Around): Code[] {
    return parts.flatMap((part, i) => {
      if (part.is === "rules") return [];
      const element = this.element(part, around);
      const rules = parts[i + 1];
      if (rules?.is !== "rules") return [element];
      const arms = this.rules(rules.after, rules, null, around).flatMap((each) => each.arms);
      checkNames(arms);
      return [call("branched", element, object(arms))];
    });
  }

  private element(part: Exclude<Part, { is: "rules" }>, around: Around): Code {
    switch (part.is) {
      case "node":
        return this.node(part.node);
      case "end":
        return this.end(part.node, around);
      case "choice":
        return this.choice(part.node, part.arms, around);
      case "group":
        return list(part.strands.map((strand) => this.one(strand, around)));
      case "back":
        return this.back(part.to, part.loop, around);
      case "skip":
        return call("skipTo", this.target(part.to));
      case "stop":
        return call("stop");
    }
  }

  /** As one element. */
  private one(parts: Parts, around: Around): Code {
    const elements = this.elements(parts, around);
    const [only] = elements;
    if (only === undefined) return call("proceed");
    return elements.length === 1 ? only : call("path", ...elements);
  }

  private arm(condition: Code, parts: Parts, around: Around): Code[] {
    const elements = this.elements(parts, around);
    return [condition, ...(elements.length === 0 ? [call("proceed")] : elements)];
  }

  private choice({ id, cases, type, ...options }: ChoiceNode, arms: readonly Arm[], around: Around): Code {
    const inside = { ...around, rulesOf: null };
    const members = arms.map(({ port, parts }): [string, Code] => {
      const condition = cases.find((each) => each.port === port)?.when;
      if (condition === undefined) return [port, this.one(parts, inside)];
      return [port, call("when", ...this.arm(conditionCode(condition, this), parts, inside))];
    });
    checkNames(members);
    return call("choice", json(id), object(members), ...optionsCode(options));
  }

  /** One call that says where a step's results, ports and errors lead, or two. */
  private rules(
    after: string,
    rules: Extract<Part, { is: "rules" }> | null,
    own: Extract<Part, { is: "choice" }> | null,
    around: Around,
  ) {
    const inside = { ...around, rulesOf: after };
    const arms = rules?.arms ?? [];
    const results = own === null ? [] : this.results(after, own, inside);
    const errorArms = arms.filter(({ port }) => port === "error");
    const others = arms.filter(({ port }) => port !== "error");
    const ports = others.map(({ port, parts }): [string, Code] => {
      if (port === "otherwise") throw new Unsayable(`A port of "${after}" is named otherwise.`);
      return [port === rules?.main ? "otherwise" : port, this.one(parts, inside)];
    });
    const errors = errorArms.flatMap(({ parts }) => this.errors(after, parts, { ...inside, errorOf: after }));
    const isDivergence = own === null || own.node.id === `${after}.diverge`;
    const calls: { word: "branch" | "diverge"; arms: [string, Code][] }[] =
      isDivergence && errors.length > 0
        ? [{ word: "diverge", arms: [...results, ...ports, ...errors] }]
        : [
            { word: isDivergence && own !== null ? "diverge" : "branch", arms: [...results, ...ports] },
            { word: "diverge", arms: errors },
          ];
    for (const { arms } of calls) checkNames(arms);
    return calls.filter(({ arms }) => arms.length > 0);
  }

  private results(after: string, { node, arms }: Extract<Part, { is: "choice" }>, around: Around): [string, Code][] {
    return arms.map(({ port, parts }) => {
      const when = node.cases.find((each) => each.port === port)?.when;
      if (when === undefined) return [port, this.one(parts, around)];
      const { word, asked } = resultCode(when, after, this);
      return [port, call(word, ...this.arm(asked, parts, around))];
    });
  }

  private errors(after: string, parts: Parts, around: Around): [string, Code][] {
    const [only, ...others] = parts;
    if (only?.is !== "choice" || others.length > 0 || only.node.id !== `${after}.errors` || hasOptions(only.node))
      return [["error", this.one(parts, around)]];
    return only.arms.flatMap(({ port, parts: inner }): [string, Code][] => {
      const when = only.node.cases.find((each) => each.port === port)?.when;
      if (when !== undefined)
        return [[port, call("onError", ...this.arm(errorCode(when, after, this), inner, around))]];
      const [end] = inner;
      const isRethrown = end?.is === "end" && end.node.type === "fail" && end.node.id === `${after}.rethrow`;
      return isRethrown ? [] : [["error", this.one(inner, around)]];
    });
  }

  private back(to: string, loop: NonNullable<Edge["loop"]>, { rulesOf }: Around): Code {
    const members = Object.entries(loop).map(([key, value]): [string, Code] => [
      key,
      key === "carry" ? templateCode(value as JsonValue, this) : json(value as JsonValue),
    ]);
    const options = members.length === 0 ? [] : [object(members)];
    return rulesOf === to ? call("retry", ...options) : call("backTo", this.target(to), ...options);
  }

  private target(id: string): Code {
    const constant = this.names.get(id);
    return constant === undefined ? json(id) : name(constant);
  }

  private end(node: FailNode | SucceedNode, { errorOf }: Around): Code {
    if (node.join !== undefined || node.keepLosers !== undefined)
      throw new Unsayable(`The end "${node.id}" joins in a way of its own.`);
    const given = this.idOption(node.id, node.type);
    if (node.type === "succeed") {
      const isHanded = this.isHanded(node.id, node.output);
      const output = node.output === undefined ? name("absent") : templateCode(node.output, this);
      return trimmed("completed", [isHanded ? undefined : output, given]);
    }
    if (node.rethrow !== undefined) {
      if (node.rethrow !== errorOf || node.code !== undefined || node.message !== undefined)
        throw new Unsayable(`"${node.id}" rethrows what "${node.rethrow}" failed with, from elsewhere than its error.`);
      return trimmed("failed", [undefined, undefined, given]);
    }
    const text = (value: string | undefined) => (value === undefined ? undefined : textTemplateCode(value, this));
    return trimmed("failed", [text(node.code), text(node.message), given]);
  }

  private idOption(id: string, base: string): Code | undefined {
    const isOwn = this.manner.areIdsGiven && new RegExp(`^${base}(_\\d+)?$`).test(id);
    return isOwn ? undefined : object([["id", json(id)]]);
  }

  /** A constant for it, or, of a sleep, the thing itself. */
  private node(node: Extract<Part, { is: "node" }>["node"]): Code {
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
    if (!("nodes" in body)) {
      const code = this.step(body, body.task, `${id} item`);
      const constant = this.naming.constant(body.task, "Step");
      this.constants.push({ name: constant, code });
      return name(constant);
    }
    const parts = this.structure(body);
    if (this.isHanded(`${id} body`, body.output)) return this.one(parts, NOWHERE);
    const flow = method(call("workflow", json(`${id}_body`)), "timeline", ...this.elements(parts, NOWHERE));
    return method(flow, "output", body.output === undefined ? name("absent") : templateCode(body.output, this));
  }

  /** `key`: by which it is told what it is handed. */
  private step(fields: MapTask & { join?: Node["join"]; keepLosers?: boolean }, id: string, key = id): Code {
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

function isOwnChoice(node: ChoiceNode, after: string): boolean {
  return (node.id === `${after}.branch` || node.id === `${after}.diverge`) && !hasOptions(node);
}

function hasOptions({ join, keepLosers }: ChoiceNode): boolean {
  return join !== undefined || keepLosers !== undefined;
}

function checkNames(arms: readonly (readonly [string, Code])[]): void {
  const names = arms.map(([port]) => port);
  const number = names.find((each) => /^\d+$/.test(each));
  if (number !== undefined) throw new Unsayable(`The port "${number}" has a number as its name.`);
  if (new Set(names).size < names.length) throw new Unsayable("Two ways that lead on from a step have the same name.");
}

function jsonMember([key, value]: [string, unknown]): [string, Code] {
  return [key, json(value as JsonValue)];
}

function optionsCode(options: object): Code[] {
  const members = Object.entries(options).map(jsonMember);
  return members.length === 0 ? [] : [object(members)];
}

/** A call without the arguments at its end that are not given. */
function trimmed(of: string, args: readonly (Code | undefined)[]): Code {
  const last = args.findLastIndex((arg) => arg !== undefined);
  return call(of, ...args.slice(0, last + 1).map((arg) => arg ?? name("undefined")));
}

function withInner(node: Node): Node[] {
  return [node, ...(node.type === "map" && "nodes" in node.body ? node.body.nodes.flatMap(withInner) : [])];
}

/** How often each task is asked for, compensations included. */
function countTasks(nodes: readonly Node[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const task = node.type === "task" ? node : node.type === "map" && !("nodes" in node.body) ? node.body : null;
    for (const each of [task?.task, task?.compensate?.task])
      if (each !== undefined) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return counts;
}

/** What all of its expressions read. */
function readExpressions(definition: Definition, nodes: readonly Node[], shapes: Shapes): void {
  const read = (value: unknown): void => {
    if (typeof value === "string" && isExpression(value)) shapes.readWords(wordsOf(value.slice(1)));
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(read);
  };
  const { nodes: _, ...rest } = definition;
  read(rest);
  for (const node of nodes) {
    read(node.type === "map" && "nodes" in node.body ? { ...node, body: { ...node.body, nodes: [] } } : node);
    if (node.type === "map" && isExpression(node.items)) {
      const words = wordsOf(node.items.slice(1));
      if (words?.is === "reference") shapes.note(words.of, "unknown[]");
    }
    if (node.type !== "choice") continue;
    for (const { when } of node.cases) {
      shapes.readWords(wordsOf(when));
      for (const { of, value } of equalities(when) ?? [])
        shapes.readWords({ is: "compare", operator: "eq", of, value });
    }
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
