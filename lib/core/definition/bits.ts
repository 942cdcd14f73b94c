/** Sets, one for each node and most often of nodes, as rows of bits: unions and intersections of thousands of them cost milliseconds. */

export class BitRows {
  readonly #words: number;
  readonly #bits: Uint32Array;

  /** Of nodes, where nothing else is said. */
  constructor(size: number, members = size) {
    this.#words = Math.ceil(members / 32);
    this.#bits = new Uint32Array(size * this.#words);
  }

  has(row: number, member: number): boolean {
    return ((this.#bits[row * this.#words + (member >>> 5)] ?? 0) & (1 << (member & 31))) !== 0;
  }

  add(row: number, member: number) {
    const at = row * this.#words + (member >>> 5);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (member & 31));
  }

  row(row: number): Uint32Array {
    return this.#bits.subarray(row * this.#words, (row + 1) * this.#words);
  }

  /** A set of its own, of the same size. */
  empty(): Uint32Array {
    return new Uint32Array(this.#words);
  }
}

export function union(into: Uint32Array, other: Uint32Array) {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) | (other[i] ?? 0);
}

export function intersect(into: Uint32Array, other: Uint32Array) {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) & (other[i] ?? 0);
}

export function subtract(from: Uint32Array, other: Uint32Array) {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] ?? 0) & ~(other[i] ?? 0);
}

export function addBit(to: Uint32Array, member: number) {
  to[member >>> 5] = (to[member >>> 5] ?? 0) | (1 << (member & 31));
}

export function removeBit(from: Uint32Array, member: number) {
  from[member >>> 5] = (from[member >>> 5] ?? 0) & ~(1 << (member & 31));
}

export function hasBit(set: Uint32Array, member: number): boolean {
  return ((set[member >>> 5] ?? 0) & (1 << (member & 31))) !== 0;
}
