/** Text that goes into an event from outside a value: cut to a length, and without what no database keeps. */

const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** At most `characters` long, with an ellipsis where it was cut; NUL and halves of surrogate pairs become U+FFFD. */
export function storableText(text: string, characters: number): string {
  const cut = text.length <= characters ? text : `${text.slice(0, characters)}…`;
  return cut.replace(UNSTORABLE, "\uFFFD");
}
