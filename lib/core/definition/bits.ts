/** Sets, one for each node and most often of nodes, as rows of bits: what thousands of them have in common costs milliseconds. */

/** One set. */
export type Bits = Uint32Array;

export class BitRows {
  readonly #words: number;
  readonly #rows: Bits[];

  /** Of nodes, where nothing else is said. */
  constructor(size: number, members = size) {
    this.#words = Math.ceil(members / 32);
    const bits = new Uint32Array(size * this.#words);
    this.#rows = Array.from({ length: size }, (_, i) => bits.subarray(i * this.#words, (i + 1) * this.#words));
  }

  row(row: number): Bits {
    const bits = this.#rows[row];
    if (bits === undefined) throw new Error(`no row ${row}`);
    return bits;
  }

  has(row: number, member: number): boolean {
    return hasBit(this.row(row), member);
  }

  /** A set of its own, of the same size. */
  empty(): Bits {
    return new Uint32Array(this.#words);
  }
}

export function union(into: Bits, other: Bits) {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) | (other[i] ?? 0);
}

export function intersect(into: Bits, other: Bits) {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) & (other[i] ?? 0);
}

export function intersects(one: Bits, other: Bits): boolean {
  return one.some((word, i) => (word & (other[i] ?? 0)) !== 0);
}

export function isWithin(inner: Bits, outer: Bits): boolean {
  return inner.every((word, i) => (word & ~(outer[i] ?? 0)) === 0);
}

/** Adds what both have. */
export function unionOfBoth(into: Bits, one: Bits, other: Bits) {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) | ((one[i] ?? 0) & (other[i] ?? 0));
}

/** As if the member were in the other set. */
export function intersectWithMember(into: Bits, other: Bits, member: number) {
  const had = hasBit(into, member);
  intersect(into, other);
  if (had) addBit(into, member);
}

export function addBit(to: Bits, member: number) {
  to[member >>> 5] = (to[member >>> 5] ?? 0) | (1 << (member & 31));
}

export function removeBit(from: Bits, member: number) {
  from[member >>> 5] = (from[member >>> 5] ?? 0) & ~(1 << (member & 31));
}

export function hasBit(set: Bits, member: number): boolean {
  return ((set[member >>> 5] ?? 0) & (1 << (member & 31))) !== 0;
}
