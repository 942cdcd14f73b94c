/** Conditions as the definition holds them: CEL text. */
import { DefinitionError } from "../errors";
import { Condition, celOf } from "./references";

/** The CEL text of a condition. Refuses closures: they could be evaluated neither after a restart nor by another machine. */
export function conditionText(condition: unknown, where: string): string {
  const text =
    typeof condition === "string" ? condition : condition instanceof Condition ? celOf(condition) : undefined;
  if (text !== undefined && text.trim() !== "") return text;
  const what =
    typeof condition === "function"
      ? "a function"
      : text !== undefined
        ? "empty"
        : `no condition (${describe(condition)})`;
  throw new DefinitionError(
    `${where} is ${what}. A condition is data that the engine evaluates: write on(fetchUser).age.gte(18), or CEL text such as "steps.fetch_user.output.age >= 18".`,
  );
}

/** What a value is, for a sentence about it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
