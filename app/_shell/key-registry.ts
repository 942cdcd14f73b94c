/**
 * The keys of the page that is open: who registers them is heard when they are pressed, and the sheet of keys lists what is
 * registered and nothing else. Knows no document and no clock.
 *
 *   idle --first stroke of a sequence--> begun --its second stroke--> idle (run)
 *                                          |--another stroke, or too late--> judged as if idle
 */

export interface PageKey {
  /** As `KeyboardEvent.key` names it; `g e` is one after the other, `mod+k` with Ctrl or Cmd held. */
  keys: string;
  name: string;
  /** Absent: it is handled where the focus is, and only listed here. */
  run?: () => void;
}

export interface KeyGroup {
  group: string;
  keys: readonly PageKey[];
}

export interface Stroke {
  key: string;
  /** Ctrl or Cmd was held. */
  mod: boolean;
  /** Milliseconds of any one clock. */
  at: number;
}

/** How long the second stroke of a sequence may take. */
export const SEQUENCE_MS = 1_200;

export class KeyRegistry {
  #groups: readonly KeyGroup[] = [];
  #begun: { key: string; at: number } | null = null;
  readonly #listeners = new Set<() => void>();

  /** @returns takes them away again */
  register(group: KeyGroup): () => void {
    this.#set([...this.#groups, group]);
    return () => this.#set(this.#groups.filter((one) => one !== group));
  }

  /** Groups of the same name as one, in the order in which they came; the same value until something changes. */
  readonly groups = (): readonly KeyGroup[] => this.#groups;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What the stroke asks for; where two ask for the same, the one that came last, which is the innermost. */
  press({ key, mod, at }: Stroke): PageKey | null {
    const begun = this.#begun !== null && at - this.#begun.at <= SEQUENCE_MS && !mod ? this.#begun.key : null;
    this.#begun = null;
    const found = (begun !== null && this.#find(`${begun} ${key}`)) || this.#find(mod ? `mod+${key}` : key);
    if (!found && !mod && this.#all().some(({ keys }) => keys.startsWith(`${key} `))) this.#begun = { key, at };
    return found;
  }

  #find(keys: string): PageKey | null {
    return this.#all().findLast((one) => one.keys === keys && one.run !== undefined) ?? null;
  }

  #all(): PageKey[] {
    return this.#groups.flatMap((group) => group.keys);
  }

  #set(groups: readonly KeyGroup[]): void {
    this.#groups = groups;
    for (const listener of this.#listeners) listener();
  }
}

/** The groups as the sheet lists them: one of each name, none without keys. */
export function mergedGroups(groups: readonly KeyGroup[]): KeyGroup[] {
  const merged = new Map<string, PageKey[]>();
  for (const { group, keys } of groups) merged.set(group, [...(merged.get(group) ?? []), ...keys]);
  return [...merged].flatMap(([group, keys]) => (keys.length === 0 ? [] : [{ group, keys }]));
}
