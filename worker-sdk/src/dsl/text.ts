/** Text with values of the execution in it. */
import { celOf, type Expression, expression, literal } from "./references";

/**
 * Text in which references stand for their values: `` text`Refund ${on(order).id}?` ``, for titles, URLs, keys and
 * messages. The engine puts it together when the node starts; nothing is escaped.
 *
 * @throws DefinitionError for a value that is neither an expression nor JSON.
 */
export function text(
  parts: TemplateStringsArray,
  ...values: readonly (Expression | string | number | boolean)[]
): Expression<string> {
  const pieces = parts.flatMap((part, i) => [
    ...(part === "" ? [] : [JSON.stringify(part)]),
    ...(i < values.length ? [textOf(values[i], `Value ${i + 1} of a text`)] : []),
  ]);
  return expression(pieces.length === 0 ? '""' : pieces.join(" + "));
}

function textOf(value: unknown, where: string): string {
  const cel = celOf(value);
  if (cel !== undefined) return `string(${cel})`;
  const json = literal(value, where);
  return JSON.stringify(typeof value === "string" ? value : json);
}
