/** Ends: of the execution, or, in the body of a map, of its item. */
import type { Absent } from "./absent";
import type { Template, TextTemplate } from "./template";

interface EndOptions {
  /** Of its node. Default `fail` or `succeed`, with a number from the second on. */
  id?: string;
}

export class End {
  readonly kind = "end";
  constructor(
    readonly id: string | undefined,
    readonly how:
      | { type: "fail"; code?: TextTemplate; message?: TextTemplate }
      | { type: "succeed"; output?: Template | Absent },
  ) {}
}

/**
 * Ends it as failed with a code of its own: `when(on(order).total.lt(0), failed("NEGATIVE_TOTAL"))`. In a rule on the
 * error of a step, without a code, it fails exactly as if the step had no rules: with its error and its dead letter.
 */
export function failed(code?: TextTemplate, message?: TextTemplate, options: EndOptions = {}): End {
  return new End(options.id, { type: "fail", code, message });
}

/** Ends it as completed, now, whatever else is open. Default output: what would have been handed on. */
export function completed(output?: Template | Absent, options: EndOptions = {}): End {
  return new End(options.id, { type: "succeed", output });
}
