/**
 * `loop` is a word that CEL keeps for itself. The parser is shown another one of the same length in its place, so that
 * every position still points into the text as it was written; nobody else sees it.
 */

const LOOP = "loop";
const ALIAS = "lo0p";

/** Comments and strings, in which nothing is replaced; members after a dot; and names. */
const TOKENS = new RegExp(
  [
    /\/\/[^\n\r]*/,
    /"""(?:\\.|[^\\])*?"""/,
    /'''(?:\\.|[^\\])*?'''/,
    /"(?:\\.|[^"\\\n\r])*"/,
    /'(?:\\.|[^'\\\n\r])*'/,
    /\.\??\s*\w+/,
    /\w+/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gs",
);

/** The expression as the parser takes it. */
export function spellLoop(source: string): string {
  return source.includes(LOOP) ? source.replace(TOKENS, (token) => spelled(token)) : source;
}

/** A name as the parser takes it. */
export function spelled(name: string): string {
  return name === LOOP ? ALIAS : name;
}

/** A name of the syntax tree as it was written. */
export function written(name: string): string {
  return name === ALIAS ? LOOP : name;
}

/** A message of the language, about the text as it was written. */
export function writtenText(message: string): string {
  return message.replaceAll(ALIAS, LOOP);
}
