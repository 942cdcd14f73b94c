// Servers that forgot something: one route's permission, or one query's namespace. The walk has to notice each of them.
import pg from "pg";
import type { Right } from "./operations";

/** A query as it is sent, with the place of one predicate that keeps it inside a namespace or an organisation. */
export interface QueryMutant {
  text: string;
  /** Which of its predicates is left out, from 0. */
  predicate: number;
}

const PREDICATE = /(?:\b\w+\.)?\b(?:namespace_id|organisation_id) = (\$\d+)(?:::int(?:eger)?)?/g;

/** One for each predicate of that text. */
export function mutantsOf(text: string): QueryMutant[] {
  return [...text.matchAll(PREDICATE)].map((_, predicate) => ({ text, predicate }));
}

/** The same query without it; the parameter is still used, so that the statement stays one. */
export function without({ text, predicate }: QueryMutant): string {
  let at = -1;
  return text.replace(PREDICATE, (found, parameter: string) => {
    at += 1;
    return at === predicate ? `${parameter}::int is not null` : found;
  });
}

/** How a mutant is called in a report: what is left out of what. */
export function nameOf({ text, predicate }: QueryMutant): string {
  const [found] = [...text.matchAll(PREDICATE)][predicate] ?? [];
  return `${found} (${predicate}) of: ${text.replace(/\s+/g, " ").trim()}`;
}

type Statement = string | (pg.QueryConfig & { text: string });

/** Stands between the process and its database. */
export class Lens {
  /** Texts that went through while somebody looked. */
  seen: Set<string> | null = null;
  mutant: QueryMutant | null = null;
  readonly #query = pg.Client.prototype.query;
  /** A prepared statement's name stands for one text. */
  readonly #names = new Map<string, string>();

  constructor() {
    const lens = this;
    const query = this.#query as (this: pg.Client, ...args: unknown[]) => unknown;
    pg.Client.prototype.query = function (this: pg.Client, statement: Statement, ...rest: unknown[]) {
      return query.call(this, lens.#through(statement), ...rest);
    } as typeof pg.Client.prototype.query;
  }

  close(): void {
    pg.Client.prototype.query = this.#query;
  }

  #through(statement: Statement): Statement {
    const text = typeof statement === "string" ? statement : statement.text;
    if (typeof text !== "string") return statement;
    this.seen?.add(text);
    if (this.mutant?.text !== text) return statement;
    const changed = without(this.mutant);
    if (typeof statement === "string") return changed;
    const { name } = statement;
    return Object.assign(Object.create(statement), {
      text: changed,
      ...(name !== undefined && { name: this.#nameOf(changed) }),
    });
  }

  #nameOf(text: string): string {
    const name = this.#names.get(text) ?? `mutant-${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}

const RIGHTS: readonly Right[] = [
  "public",
  "person",
  "read",
  "inbox",
  "decide",
  "execute",
  "publish",
  "work",
  "administer",
  "own",
];

/** What a route may say by mistake instead of its right: nothing, or the least. */
export function weakerRights(right: Right): Right[] {
  return (["public", "read"] as const).filter((weaker) => weaker !== right);
}

export function otherRights(right: Right): Right[] {
  return RIGHTS.filter((other) => other !== right);
}
