/** Turns a timeline into nodes and edges. One rule gives every step its input: what the steps before it returned. */
import { DefinitionError } from "../errors";
import type { Edge, Node } from "../types";
import { Branch, type Element, type End, Path, Sleep, Transform } from "./elements";
import { type AnyStep, Step } from "./step";
import { templateJson } from "./template";
import { maybe, type Value, valueTemplate } from "./values";

/** Where a node's outcome is not yet led anywhere. */
interface Exit {
  from: string;
  port?: string;
}

/** How far a timeline is built: what its next element hangs on, and what it will be handed. */
export interface Reached {
  /** Null at the very start, where the next element needs no edge; empty once nothing can follow. */
  exits: Exit[] | null;
  value: Value;
  /** False once a step before may have ended on a way that leads elsewhere. */
  certain: boolean;
}

type Member = { name: string; value: Value };

export interface Compiled {
  nodes: Node[];
  edges: Edge[];
  end: Reached;
  steps: AnyStep[];
}

export function compile(elements: readonly Element[]): Compiled {
  const compiler = new Compiler();
  const end = compiler.sequence(elements, { exits: null, value: { kind: "input" }, certain: true });
  return { nodes: compiler.nodes, edges: compiler.edges, end, steps: compiler.steps };
}

class Compiler {
  readonly nodes: Node[] = [];
  readonly edges: Edge[] = [];
  readonly steps: AnyStep[] = [];
  private readonly ids = new Set<string>();
  /** By step, the ports that a branch leads on. */
  private readonly routed = new Map<string, Set<string>>();

  sequence(elements: readonly Element[], start: Reached): Reached {
    for (const element of elements)
      if (element instanceof Branch) this.routed.set(element.after, new Set(element.ports.map(({ port }) => port)));
    return elements.reduce((reached: Reached, element) => this.element(element, reached), start);
  }

  private element(element: Element, at: Reached): Reached {
    if (at.exits?.length === 0)
      throw new DefinitionError(
        "Something stands after the end of the execution, where nothing leads. Move or remove it.",
      );
    if (element instanceof Step) return this.step(element, at);
    if (!("kind" in element)) return this.group(element, at);
    switch (element.kind) {
      case "sleep":
        return this.sleep(element, at);
      case "transform":
        return this.transform(element, at);
      case "end":
        return this.end(element, at);
      case "path":
        return this.sequence(element.elements, at);
      case "branch":
        return this.branch(element, at);
    }
  }

  private step(step: AnyStep, at: Reached): Reached {
    // Whatever else stands in the options goes along, so that validation finds what is misspelt.
    const { ports, join, ...options } = step.options;
    const waitsForAll = join === undefined || join === "all";
    const given = valueTemplate(waitsForAll ? at.value : maybe(at.value));
    const input = step.input === undefined ? given : templateJson(step.input, `The input of step "${step.id}"`);
    const exits = this.node(
      defined({
        id: step.id,
        type: "task",
        task: step.task,
        input,
        ...options,
        join,
        ports: ports && [...ports],
      }),
      at,
    );
    this.steps.push(step);
    const routed = this.routed.get(step.id);
    const staysOn = (ports ?? []).every((port) => routed?.has(port));
    return { exits, value: { kind: "output", id: step.id }, certain: at.certain && staysOn };
  }

  private sleep(sleep: Sleep, at: Reached): Reached {
    const exits = this.node({ id: sleep.id ?? this.freshId("sleep"), type: "sleep", ...sleep.wait }, at);
    return { ...at, exits };
  }

  private transform(transform: Transform, at: Reached): Reached {
    const value = templateJson(transform.value, `The value of transform "${transform.id}"`);
    const exits = this.node({ id: transform.id, type: "transform", value }, at);
    return { ...at, exits, value: { kind: "output", id: transform.id } };
  }

  private end(end: End, at: Reached): Reached {
    const { how } = end;
    const id = end.id ?? this.freshId(how.type);
    if (how.type === "fail") this.node(defined({ id, type: "fail", code: how.code, message: how.message }), at);
    else {
      const output =
        how.output === undefined ? valueTemplate(at.value) : templateJson(how.output, `The output of "${id}"`);
      this.node({ id, type: "succeed", output }, at);
    }
    return { ...at, exits: [] };
  }

  private group(members: readonly Element[], at: Reached): Reached {
    const ends = members.map((member) => this.element(member, { ...at, certain: true }));
    const values = members.map((member, i) => {
      const end = ends[i] as Reached;
      return { name: nameOf(member), value: end.certain ? end.value : maybe(end.value) };
    });
    return {
      exits: ends.flatMap((end) => end.exits ?? []),
      value: { kind: "group", members: values.filter((member): member is Member => member.name !== undefined) },
      certain: at.certain && ends.some(({ certain }) => certain),
    };
  }

  private branch(branch: Branch, at: Reached): Reached {
    const arms: Reached[] = [];
    const after = this.choice(branch, at, arms);
    for (const { port, path } of branch.ports) {
      const value: Value = port === "error" ? { kind: "error", id: branch.after } : at.value;
      arms.push(this.sequence(path.elements, { ...at, exits: [{ from: branch.after, port }], value }));
    }
    const going = [...arms, ...(after === null ? [] : [after])].filter(({ exits }) => exits?.length !== 0);
    return {
      exits: going.flatMap(({ exits }) => exits ?? []),
      value:
        going.length === 1 && going[0] ? going[0].value : { kind: "first", options: going.map(({ value }) => value) },
      certain: at.certain && going.every(({ certain }) => certain),
    };
  }

  /** Adds the conditions' arms; gives what goes past the branch, or null where nothing does. */
  private choice(branch: Branch, at: Reached, arms: Reached[]): Reached | null {
    if (branch.conditions.length === 0) return at;
    const id = this.freshId(`${branch.after}.branch`);
    this.node({ id, type: "choice", cases: branch.conditions.map(({ port, when }) => ({ port, when })) }, at);
    for (const { port, path } of branch.conditions) arms.push(this.arm(path, id, port, at));
    if (branch.otherwise === undefined) return { ...at, exits: [{ from: id, port: "otherwise" }] };
    arms.push(this.arm(branch.otherwise, id, "otherwise", at));
    return null;
  }

  private arm(path: Path, from: string, port: string, at: Reached): Reached {
    return this.sequence(path.elements, { ...at, exits: [{ from, port }] });
  }

  private node(node: Node, at: Reached): Exit[] {
    if (this.ids.has(node.id))
      throw new DefinitionError(
        `Two places of the workflow have the id "${node.id}". Give one of them another: step.as("…"), or the option id.`,
      );
    this.ids.add(node.id);
    this.nodes.push(node);
    for (const exit of at.exits ?? []) this.edges.push({ ...exit, to: node.id });
    return [{ from: node.id }];
  }

  private freshId(base: string): string {
    if (!this.ids.has(base)) return base;
    let n = 2;
    while (this.ids.has(`${base}_${n}`)) n++;
    return `${base}_${n}`;
  }
}

/** The step whose output an element hands on. */
function nameOf(element: Element | undefined): string | undefined {
  if (element instanceof Step || element instanceof Transform) return element.id;
  if (element instanceof Branch) return element.after;
  return element instanceof Path ? nameOf(element.elements.findLast((part) => !(part instanceof Sleep))) : undefined;
}

/** Without the members that are undefined, so that the document hashes alike however it was written. */
function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, member]) => member !== undefined)) as T;
}
