/** Names of constants and types, after the nodes' ids: each once, and none that means something else. */

const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield async of type any unknown never
  string number boolean object symbol bigint Error Promise`.split(/\s+/),
);

export class Naming {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.taken = new Set([...RESERVED, ...taken]);
  }

  /** `fetch_user` is `fetchUser`; with another word behind it where that is taken. */
  constant(id: string, otherwise: string): string {
    const words = wordsOf(id);
    const [first = "", ...rest] = words;
    const base = start(first.charAt(0).toLowerCase() + first.slice(1) + rest.map(capital).join(""));
    return this.take(this.taken.has(base) ? base + otherwise : base);
  }

  type(id: string, otherwise: string): string {
    return this.take(start(wordsOf(id).map(capital).join("") + otherwise));
  }

  private take(base: string): string {
    let found = base;
    for (let n = 2; this.taken.has(found); n++) found = `${base}${n}`;
    this.taken.add(found);
    return found;
  }
}

function wordsOf(id: string): string[] {
  return id.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
}

function start(text: string): string {
  return /^[A-Za-z_]/.test(text) ? text : `_${text}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
