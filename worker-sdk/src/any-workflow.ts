/** A workflow as far as publishing it and running its steps goes. */
import type { AnyStep } from "./dsl/step";
import type { Definition, Finding } from "./types";

export interface AnyWorkflow {
  readonly name: string;
  readonly definition: Definition;
  readonly warnings: readonly Finding[];
  readonly steps: readonly AnyStep[];
}
