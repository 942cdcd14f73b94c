/** Writes a definition as the module that a person would write: a constant for each step, and a timeline of them. */
import type { ChoiceNode, Definition, Edge, FailNode, MapGraph, SucceedNode } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import { type Code, call, json, list, method, name, object } from "./code";
import { withoutGates } from "./gates";
import { type Manner, NodeWriter, optionsCode } from "./node-writer";
import { errorCode, resultCode } from "./rules";
import { conditionCode, templateCode, textTemplateCode } from "./spoken";
import { type Arm, type Part, type Parts, structureOf } from "./structure";
import { Unsayable } from "./unsayable";

export interface Written {
  readonly constants: readonly { readonly name: string; readonly code: Code }[];
  readonly workflow: { readonly name: string; readonly code: Code };
  /** Declarations of the types that the constants name. */
  readonly types: readonly string[];
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

class Writer extends NodeWriter {
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

  protected override graphBody(id: string, body: MapGraph): Code {
    const parts = this.structure(body);
    if (this.isHanded(`${id} body`, body.output)) return this.one(parts, NOWHERE);
    const flow = method(call("workflow", json(`${id}_body`)), "timeline", ...this.elements(parts, NOWHERE));
    return method(flow, "output", body.output === undefined ? name("absent") : templateCode(body.output, this));
  }
}

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

/** A call without the arguments at its end that are not given. */
function trimmed(of: string, args: readonly (Code | undefined)[]): Code {
  const last = args.findLastIndex((arg) => arg !== undefined);
  return call(of, ...args.slice(0, last + 1).map((arg) => arg ?? name("undefined")));
}
