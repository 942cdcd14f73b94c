// Tries mutants against the walk, each in a world that looks as the fixture left it, and names those that nobody noticed.
import { ROUTES } from "@/lib/http/routes";
import { reasonFor } from "./equivalent";
import { fingerprint } from "./fingerprint";
import { type Filled, fill } from "./fixture";
import { Lens, mutantsOf, nameOf, type QueryMutant } from "./mutants";
import { type OpenApi, type Operation, operationsOf, type Right } from "./operations";
import { rights, strangers, type Walk } from "./walk";
import { dropDatabase, openWorld } from "./world";

export class Trial {
  readonly lens = new Lens();
  #walk: Walk | null = null;
  #whole = "";

  private constructor(
    private readonly template: string,
    private readonly filled: Filled,
    private readonly document: OpenApi,
  ) {}

  static async open(): Promise<Trial> {
    const world = await openWorld();
    const document = (await world.send({ method: "GET", path: "/api/v1/openapi.json", headers: {} })).body;
    const filled = await fill(world);
    await world.close(false);
    return new Trial(world.database, filled, document);
  }

  async close(): Promise<void> {
    this.lens.close();
    await this.#walk?.world.close();
    await dropDatabase(this.template);
  }

  get operations(): Operation[] {
    return operationsOf(this.document);
  }

  /** A world that nothing has been done to since it was filled, or nothing that left a trace. */
  async walk(): Promise<Walk> {
    if (this.#walk !== null) return this.#walk;
    const world = await openWorld({ template: this.template });
    this.#walk = { world, filled: this.filled, document: this.document };
    this.#whole = await fingerprint(world, this.filled.victim);
    return this.#walk;
  }

  /** The next walk begins in a new world. */
  async leave(): Promise<void> {
    await this.#walk?.world.close();
    this.#walk = null;
  }

  /** @returns the first thing that the walk found wrong; null where it noticed nothing */
  async withRight(operation: Operation, right: Right): Promise<string | null> {
    const route = ROUTES.find(({ method, path }) => `${method} ${path}` === operation.name);
    if (route === undefined) throw new Error(`${operation.name} is no route`);
    const own = route.permission;
    route.permission = right;
    try {
      return await first(rights(await this.walk(), operation));
    } finally {
      route.permission = own;
    }
  }

  /** Every query that strangers' calls came to, with the operations that they called. */
  async queries(operations = this.operations): Promise<Map<string, Operation[]>> {
    const users = new Map<string, Operation[]>();
    for (const operation of operations) {
      const seen = new Set<string>();
      const walk = await this.walk();
      this.lens.seen = seen;
      await first(strangers(walk, operation));
      this.lens.seen = null;
      for (const text of seen) if (!IS_OWN.test(text)) users.set(text, [...(users.get(text) ?? []), operation]);
    }
    await this.leave();
    return users;
  }

  /** @param among the operations to look at; all unless given */
  async mutants(among?: Operation[]): Promise<{ mutant: QueryMutant; operations: Operation[] }[]> {
    const users = await this.queries(among);
    return [...users]
      .flatMap(([text, operations]) => mutantsOf(text).map((mutant) => ({ mutant, operations })))
      .sort((a, b) => (nameOf(a.mutant) < nameOf(b.mutant) ? -1 : 1));
  }

  /** What is remembered of earlier queries may hide a mutant: one that survives is tried again where nothing is. */
  async noticed(mutant: QueryMutant, operations: Operation[]): Promise<string | null> {
    const warm = await this.#noticed(mutant, operations);
    if (warm !== null) return warm;
    await this.leave();
    return this.#noticed(mutant, operations);
  }

  async #noticed(mutant: QueryMutant, operations: Operation[]): Promise<string | null> {
    for (const operation of operations) {
      const walk = await this.walk();
      this.lens.mutant = mutant;
      // A call that a mutant leads astray for good is noticed, too.
      const finding = await first(strangers(walk, operation)).catch((error: unknown) => `${operation.name}: ${error}`);
      this.lens.mutant = null;
      if (finding === null) continue;
      await this.#tidy(operation);
      return finding;
    }
    return null;
  }

  /** What the mutant did, in the database or in what the process remembers, must not count for the next one. */
  async #tidy(operation: Operation): Promise<void> {
    const { world, filled } = await this.walk();
    const isWhole = (await fingerprint(world, filled.victim)) === this.#whole;
    if (!isWhole || (await first(strangers(await this.walk(), operation))) !== null) await this.leave();
  }
}

/** One of all that goes through such a run: what survived, with who called the query. */
export async function survivors(
  trial: Trial,
  among?: Operation[],
  tell: (line: string) => void = () => {},
): Promise<{ tried: number; unnoticed: string[] }> {
  const mutants = await trial.mutants(among);
  const unnoticed: string[] = [];
  for (const { mutant, operations } of mutants) {
    if (reasonFor(mutant) !== null || (await trial.noticed(mutant, operations)) !== null) continue;
    const line = `${nameOf(mutant)}\n  in ${operations.map(({ name }) => name).join(", ")}`;
    tell(line);
    unnoticed.push(line);
  }
  return { tried: mutants.length, unnoticed };
}

/** The fixture's look at the database. */
const IS_OWN = /to_jsonb\(t\) -/;

async function first(findings: AsyncGenerator<string>): Promise<string | null> {
  for await (const finding of findings) return finding;
  return null;
}
